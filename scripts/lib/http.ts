import { INSIDE } from './compose/inside.ts';
import { getFromInside } from './compose/running.ts';
import { messageOf } from './errors.ts';

export interface Answer {
  status: number;
  body: string;
}

/**
 * One GET with a bound on its time. Anything but an HTTP answer is thrown as an error of one line. URLs that begin
 * with `compose:` lead to what only the containers of a playground can reach.
 */
export async function get(url: string, options: { timeoutMs: number; token?: string }): Promise<Answer> {
  if (url.startsWith(INSIDE)) return getFromInside(url, options.timeoutMs);
  return request(url, { ...options, method: 'GET' });
}

export async function request(
  url: string,
  { timeoutMs, token, method, body }: { timeoutMs: number; token?: string; method: string; body?: unknown },
): Promise<Answer> {
  const headers: Record<string, string> = {};
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError')
      throw new Error(`no answer within ${timeoutMs} ms`);
    throw new Error(messageOf(error));
  }
}

export type Health = { healthy: true } | { healthy: false; why: string };

export async function probe(url: string, timeoutMs: number): Promise<Health> {
  try {
    const { status, body } = await get(url, { timeoutMs });
    if (status >= 200 && status < 300) return { healthy: true };
    return { healthy: false, why: `answers ${status} ${firstLine(body)}`.trim() };
  } catch (error) {
    return { healthy: false, why: messageOf(error) };
  }
}

export function firstLine(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}
