import { boardUids } from '../boards.ts';
import { BOARD_RANGE_SECONDS, type BoardQuery, type Choice, readBoardQueries } from './boardQueries.ts';

/** What it takes Prometheus to answer a board when it is opened. */
export interface BoardTime {
  uid: string;
  queries: number;
  /** Until the last answer had come; up to when it was given up, if one did not come. */
  milliseconds: number;
  /** Queries that were refused or not answered in time. */
  failed: number;
  answerBytes: number;
}

/** So many queries are under way at a time, as in a browser that keeps a connection for other things. */
const AT_ONCE = 5;
const BOARD_WITHIN_MS = 20_000;
/** After that no further board is opened. */
const BOARDS_WITHIN_MS = 45_000;

/** Opens one board after the other, as far as Prometheus has to do with it; as many as there is time for. */
export async function timeBoards(
  prometheusUrl: string,
  choice: Choice,
  signal: AbortSignal,
): Promise<BoardTime[]> {
  const times: BoardTime[] = [];
  const startedAtMs = performance.now();
  for (const uid of boardUids()) {
    signal.throwIfAborted();
    if (performance.now() - startedAtMs > BOARDS_WITHIN_MS) break;
    const time = await timeQueries(prometheusUrl, readBoardQueries(uid, choice), signal);
    signal.throwIfAborted();
    times.push({ uid, ...time });
  }
  return times;
}

async function timeQueries(
  prometheusUrl: string,
  queries: readonly BoardQuery[],
  signal: AbortSignal,
): Promise<Omit<BoardTime, 'uid'>> {
  const startedAtMs = performance.now();
  const enough = AbortSignal.any([signal, AbortSignal.timeout(BOARD_WITHIN_MS)]);
  const endSeconds = Date.now() / 1000;
  const waiting = [...queries];
  let failed = 0;
  let answerBytes = 0;
  const askSome = async () => {
    for (let query = waiting.shift(); query; query = waiting.shift()) {
      try {
        answerBytes += await ask(prometheusUrl, query, endSeconds, enough);
      } catch {
        failed += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askSome));
  return { queries: queries.length, milliseconds: performance.now() - startedAtMs, failed, answerBytes };
}

/** Gives the size of the answer, which is read to its end and not kept. */
async function ask(
  prometheusUrl: string,
  { expr, stepSeconds }: BoardQuery,
  endSeconds: number,
  signal: AbortSignal,
): Promise<number> {
  const body = new URLSearchParams({ query: expr });
  if (stepSeconds === undefined) body.set('time', String(endSeconds));
  else {
    const end = Math.floor(endSeconds / stepSeconds) * stepSeconds;
    body.set('start', String(end - BOARD_RANGE_SECONDS));
    body.set('end', String(end));
    body.set('step', String(stepSeconds));
  }
  const api = stepSeconds === undefined ? 'query' : 'query_range';
  const response = await fetch(`${prometheusUrl}/api/v1/${api}`, { method: 'POST', body, signal });
  let bytes = 0;
  for await (const chunk of response.body ?? []) bytes += (chunk as Uint8Array).length;
  if (!response.ok) throw new Error(`Prometheus answers ${response.status}`);
  return bytes;
}
