import { VerbError } from '../errors.ts';

/** Versions below have no `required: false` for services of another profile. */
export const OLDEST_COMPOSE = '2.20.2';

const WITHOUT_DOCKER = './playground up without --compose needs no Docker';

interface Trouble {
  sign: RegExp;
  tell(match: RegExpExecArray): { message: string; details: string[] };
}

/** What docker and compose say when something is wrong, and what that means for whoever reads it. */
const TROUBLES: Trouble[] = [
  {
    sign: /permission denied while trying to connect to the (?:Docker daemon|docker API)/i,
    tell: () => ({
      message: 'you may not use the Docker engine',
      details: ['Linux: sudo usermod -aG docker "$USER", then log in again', WITHOUT_DOCKER],
    }),
  },
  {
    sign: /(?:Cannot connect to the Docker daemon|failed to connect to the docker API) at (\S+?)[.;]?\s/i,
    tell: ([, address]) => ({
      message: `the Docker engine does not run (nobody answers at ${address})`,
      details: [
        'Linux: sudo systemctl start docker; macOS and Windows: start Docker Desktop',
        WITHOUT_DOCKER,
      ],
    }),
  },
  {
    sign: /no space left on device/i,
    tell: () => ({
      message: 'no disk space is left for images, containers or volumes',
      details: ['docker system df shows what takes it, docker system prune frees what nobody uses'],
    }),
  },
  {
    sign: /(?:Bind for|listen tcp4?) \S*?:(\d+)\S* ?(?:failed: port is already allocated|bind: address already in use)/i,
    tell: ([, port]) => ({
      message: `port ${port} was taken while the containers started`,
      details: ['end what listens there, or set another port in .env'],
    }),
  },
  {
    sign: /toomanyrequests[^\n]*/i,
    tell: ([said]) => ({
      message: 'the image registry limits how often this machine may pull',
      details: [said, 'docker login raises the limit', WITHOUT_DOCKER],
    }),
  },
  {
    sign: /(?:manifest (?:for \S+ not found|unknown)|no matching manifest)[^\n]*/i,
    tell: ([said]) => ({
      message: 'the image registry does not have an image of this version for this machine',
      details: [said, 'the versions are in .env'],
    }),
  },
  {
    sign: /env file (\S+) not found/i,
    tell: ([, file]) => ({
      message: `there is no ${file}`,
      details: ['profile hops goes together with PLAYGROUND_HOPS=2: ./playground up --compose --hops 2'],
    }),
  },
  {
    sign: /(?:all predefined address pools have been fully subnetted|could not find an available[^\n]*address pool)/i,
    tell: () => ({
      message: 'Docker has no address range left for another network',
      details: ['docker network prune removes the networks that nobody uses'],
    }),
  },
];

/** One clear error for what a docker command wrote; without a known sign, its own last lines. */
export function troubleOf(what: string, stderr: string): VerbError {
  for (const { sign, tell } of TROUBLES) {
    const match = sign.exec(`${stderr}\n`);
    if (match) {
      const { message, details } = tell(match);
      return new VerbError(`${what}: ${message}`, details);
    }
  }
  return new VerbError(`${what} failed`, wordsOf(stderr).slice(-6));
}

/** What is worth reading of compose's output: no progress, no warnings about the engine's age. */
export function wordsOf(stderr: string): string[] {
  return stderr
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !PROGRESS.test(line) && !/level=warning|^WARN/.test(line));
}

/** ` Container x-1 Started `, ` Network y Creating `. */
const PROGRESS = /^\s*(?:Container|Network|Volume|Image) \S+ +\w+\s*$/;
