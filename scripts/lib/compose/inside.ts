import type { Answer } from '../http.ts';
import type { Container } from './containers.ts';
import type { Docker } from './engine.ts';

/** How a URL is written that only the containers of a project can reach: `compose://collector:18889/metrics`. */
export const INSIDE = 'compose:';

/** Services with Node whose memory has room for a second one that asks a question. */
const WITH_ROOM = ['cloud-nine', 'happy-life', 'global-bank'];
/** The others that have Node, for when no ASE runs. */
const WITH_NODE = ['rates', 'chain', 'usage', 'traffic'];
const SMALL_NODE = [
  'node',
  '--optimize-for-size',
  '--max-semi-space-size=1',
  '--v8-pool-size=1',
  '--jitless',
];

/** Answers as one line of JSON; plain CommonJS, because it runs by `node --eval`. */
const GET = `
const [url, timeoutMs] = process.argv.slice(1);
const fail = (error) => console.log(JSON.stringify({ error: error.code || error.message }));
require('node:http').get(url, { signal: AbortSignal.timeout(Number(timeoutMs)) }, (response) => {
  let body = '';
  response.setEncoding('utf8').on('data', (text) => { body += text; }).on('error', fail);
  response.on('end', () => console.log(JSON.stringify({ status: response.statusCode, body })));
}).on('error', fail);`;

let asked = 0;

/** One GET from inside the project's private network, by way of any of its containers that has Node. */
export async function getInside(
  docker: Docker,
  containers: readonly Container[],
  url: string,
  timeoutMs: number,
): Promise<Answer> {
  const running = (services: readonly string[]) =>
    containers.filter(({ service, status }) => status === 'running' && services.includes(service));
  const roomy = running(WITH_ROOM);
  const helpers = roomy.length > 0 ? roomy : running(WITH_NODE);
  // In turn: questions come several at once.
  const helper = helpers[asked++ % helpers.length];
  if (!helper) throw new Error('no container runs that could ask inside');
  const words = [
    'exec',
    helper.id,
    ...SMALL_NODE,
    '--eval',
    GET,
    url.replace(INSIDE, 'http:'),
    String(timeoutMs),
  ];
  const { stdout, stderr } = await docker.docker(words, { timeoutMs: timeoutMs + 5000 });
  let answer: Partial<Answer> & { error?: string };
  try {
    answer = JSON.parse(stdout) as typeof answer;
  } catch {
    throw new Error(`cannot ask inside ${helper.name}: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  }
  if (answer.status === undefined || answer.body === undefined) throw new Error(answer.error ?? 'no answer');
  return { status: answer.status, body: answer.body };
}
