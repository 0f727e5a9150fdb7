import type { Answer } from '../http.ts';
import type { Container } from './containers.ts';
import type { Docker } from './engine.ts';

/** How a URL is written that only the containers of a project can reach: `compose://collector:18889/metrics`. */
export const INSIDE = 'compose:';

/** Services that are made from our own image, which has Node. */
const WITH_NODE = ['rates', 'chain', 'usage', 'traffic', 'cloud-nine', 'happy-life', 'global-bank'];

/** Answers as one line of JSON; plain CommonJS, because it runs by `node --eval`. */
const GET = `
const [url, timeoutMs] = process.argv.slice(1);
const fail = (error) => console.log(JSON.stringify({ error: error.code || error.message }));
require('node:http').get(url, { signal: AbortSignal.timeout(Number(timeoutMs)) }, (response) => {
  let body = '';
  response.setEncoding('utf8').on('data', (text) => { body += text; }).on('error', fail);
  response.on('end', () => console.log(JSON.stringify({ status: response.statusCode, body })));
}).on('error', fail);`;

/** One GET from inside the project's private network, by way of any of its containers that has Node. */
export async function getInside(
  docker: Docker,
  containers: readonly Container[],
  url: string,
  timeoutMs: number,
): Promise<Answer> {
  const helper = containers.find(
    ({ service, status }) => status === 'running' && WITH_NODE.includes(service),
  );
  if (!helper) throw new Error('no container runs that could ask inside');
  const words = ['exec', helper.id, 'node', '--eval', GET, url.replace(INSIDE, 'http:'), String(timeoutMs)];
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
