import { VerbError } from '../errors.ts';
import { type Captured, type CaptureOptions, capture } from './capture.ts';
import { OLDEST_COMPOSE, troubleOf } from './trouble.ts';

/** Docker's command line, wherever its engine is. */
export interface Docker {
  docker(words: readonly string[], options?: CaptureOptions): Promise<Captured>;
}

/** A Docker engine that answers, and a compose that is new enough for docker-compose.yml. */
export interface Engine extends Docker {
  version: string;
  composeVersion: string;
  compose(words: readonly string[], options?: CaptureOptions): Promise<Captured>;
}

export interface EngineOptions {
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

/** An engine that works has answered by then. */
const ANSWER_TIMEOUT_MS = 20_000;
const NEEDS_NONE = './playground up without --compose needs no Docker';

/**
 * Finds engine and compose.
 * @throws VerbError that says what is missing and how to get it
 */
export async function findEngine({ env = process.env, signal }: EngineOptions = {}): Promise<Engine> {
  const ask = (command: readonly string[]) => capture(command, { env, signal, timeoutMs: ANSWER_TIMEOUT_MS });

  const answer = await ask(['docker', 'version', '--format', '{{.Server.Version}}']);
  if (answer.exitCode === 127) {
    throw new VerbError('Docker is not installed: there is no `docker` on PATH', [
      'get it from https://docs.docker.com/get-docker/',
      NEEDS_NONE,
    ]);
  }
  if (answer.exitCode === 124) {
    throw new VerbError(`the Docker engine gives no answer within ${ANSWER_TIMEOUT_MS / 1000} s`, [
      NEEDS_NONE,
    ]);
  }
  if (answer.exitCode !== 0) throw troubleOf('Docker', answer.stderr);

  const { command, version } = await findCompose(ask);
  return {
    version: answer.stdout.trim(),
    composeVersion: version,
    docker: (words, options) => capture(['docker', ...words], { env, signal, ...options }),
    compose: (words, options) => capture([...command, ...words], { env, signal, ...options }),
  };
}

/**
 * Docker's plugin, else the program of its own, which older engines are accompanied by. It needs no engine.
 * @throws VerbError when there is none, or none that is new enough
 */
export async function findCompose(
  ask: (command: readonly string[]) => Promise<Captured>,
): Promise<{ command: string[]; version: string }> {
  const candidates = [['docker', 'compose'], ['docker-compose']];
  const tooOld: string[] = [];
  for (const command of candidates) {
    const { exitCode, stdout } = await ask([...command, 'version', '--short']);
    const version = /^v?(\d+\.\d+\.\d+)/.exec(stdout.trim())?.[1];
    if (exitCode !== 0 || version === undefined) continue;
    if (isAtLeast(version, OLDEST_COMPOSE)) return { command, version };
    tooOld.push(`${command.join(' ')} is ${version}`);
  }
  const how = 'get it from https://docs.docker.com/compose/install/';
  if (tooOld.length > 0) {
    throw new VerbError(`Docker Compose ${OLDEST_COMPOSE} or newer is needed: ${tooOld.join(', ')}`, [
      how,
      NEEDS_NONE,
    ]);
  }
  throw new VerbError(`Docker has no compose: version ${OLDEST_COMPOSE} or newer is needed`, [
    how,
    NEEDS_NONE,
  ]);
}

/** Compares versions such as 2.20.2 number by number. */
export function isAtLeast(version: string, oldest: string): boolean {
  const [left, right] = [version, oldest].map((text) => text.split('.').map(Number)) as [number[], number[]];
  const difference = left.map((part, i) => part - right[i]!).find((part) => part !== 0);
  return (difference ?? 0) >= 0;
}
