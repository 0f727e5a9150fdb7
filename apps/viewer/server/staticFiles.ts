import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { pipeline } from 'node:stream';
import type { Build } from './build.ts';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

const YEAR_SECONDS = 31_536_000;

/** Sends a file of the bundle; `false` if the path is none. */
export function sendStatic(
  build: Build,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): boolean {
  const file = build.files.get(path);
  const type = TYPES[extname(path)];
  if (!file || !type) return false;
  const encoding = chooseEncoding(request.headers['accept-encoding'], file.encodings);
  const chosen = (encoding && file.encodings.get(encoding)) || file;
  // Names below /assets/ carry a hash of their content; the others change only with the bundle.
  const isHashed = path.startsWith('/assets/');
  const etag = `"${build.sourceHash}${encoding ? `-${encoding}` : ''}"`;
  response.setHeader('vary', 'accept-encoding');
  response.setHeader(
    'cache-control',
    isHashed ? `public, max-age=${YEAR_SECONDS}, immutable` : 'public, max-age=3600',
  );
  if (!isHashed) response.setHeader('etag', etag);
  if (!isHashed && request.headers['if-none-match'] === etag) {
    response.writeHead(304).end();
    return true;
  }
  response.writeHead(200, {
    'content-type': type,
    'content-length': chosen.sizeBytes,
    ...(encoding ? { 'content-encoding': encoding } : {}),
  });
  if (request.method === 'HEAD') response.end();
  // A reader that goes away mid-file is no failure of ours.
  else pipeline(createReadStream(chosen.path), response, () => {});
  return true;
}

/** What the client has a page for: the boards, one of them, the traces, one of them. */
const PAGES = [/^\/(dashboards)?$/, /^\/d\/[^/]+(\/[^/]*)?$/, /^\/traces$/, /^\/trace\/[^/]+$/];

/** The page of every address that is not a file; the client decides what it shows. */
export function sendPage(
  build: Build,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): void {
  const isKnown = PAGES.some((page) => page.test(path));
  response.writeHead(isKnown ? 200 : 404, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(build.indexHtml),
    'cache-control': 'no-cache',
  });
  response.end(request.method === 'HEAD' ? undefined : build.indexHtml);
}

function chooseEncoding(
  accepted: string | string[] | undefined,
  available: ReadonlyMap<'br' | 'gzip', unknown>,
): 'br' | 'gzip' | undefined {
  const names = String(accepted ?? '')
    .split(',')
    .filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part))
    .map((part) => part.split(';')[0]!.trim());
  return (['br', 'gzip'] as const).find((encoding) => names.includes(encoding) && available.has(encoding));
}
