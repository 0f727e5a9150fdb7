import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { writeTool } from './folders.ts';

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export interface Mirror {
  url: string;
  /** Paths that were asked for, in order. */
  requests: string[];
}

/** A release server on loopback that answers the given paths, and all else with 404. */
export async function startMirror(
  t: Pick<TestContext, 'after'>,
  answers: Record<string, Answer | string | Buffer>,
): Promise<Mirror> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    requests.push(url);
    const answer = answers[url];
    if (answer === undefined) response.writeHead(404).end('no such thing');
    else if (typeof answer === 'function') answer(response, request);
    else response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** A tar.gz with one folder that holds tools of that version, as Prometheus packs its releases. */
export function packTools(folder: string, names: readonly string[], version: string): Buffer {
  const inside = path.join(folder, 'packed/release');
  mkdirSync(inside, { recursive: true });
  for (const name of names) writeTool(path.join(inside, name), version);
  const archive = path.join(folder, 'packed.tar.gz');
  execFileSync('tar', ['-czf', archive, '-C', path.dirname(inside), 'release']);
  return readFileSync(archive);
}

export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
