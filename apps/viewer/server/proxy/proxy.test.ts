import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ask, listen, startViewer, urlOf, type Viewer } from '../testing/startViewer.ts';

const PROXY_PREFIX = '/api/datasources/proxy/uid/prometheus';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const QUERY = `${PROXY_PREFIX}/api/v1/query`;

const seen: Array<{ method: string; url: string; headers: IncomingMessage['headers']; body: string }> = [];
let answer: RequestListener = (_request, response) => void response.end('{"status":"success"}');
let prometheus: Server;
let viewer: Viewer;

before(async () => {
  prometheus = await listen(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
    answer(request, response);
  });
  viewer = await startViewer(
    prometheus,
    {},
    { timeoutMs: 500, maxBodyBytes: 100, maxConcurrent: 2, maxWaiting: 1 },
  );
});

after(async () => {
  await viewer.stop();
  prometheus.closeAllConnections();
  prometheus.close();
});

test('passes a GET on as it is, without cookies and credentials', async () => {
  seen.length = 0;
  const headers = { cookie: 'a=b', authorization: 'Bearer x', 'x-forwarded-for': '1.2.3.4' };
  const {
    status,
    text,
    headers: got,
  } = await ask(viewer.port, `${QUERY}?query=up%7B%7D&time=1`, { headers });
  assert.equal(status, 200);
  assert.equal(text, '{"status":"success"}');
  assert.equal(got['cache-control'], 'no-store');
  assert.equal(seen[0]?.url, '/api/v1/query?query=up%7B%7D&time=1');
  assert.deepEqual(
    ['cookie', 'authorization', 'x-forwarded-for'].filter((name) => name in seen[0]!.headers),
    [],
  );
});

test('passes a posted form on', async () => {
  seen.length = 0;
  const { status } = await ask(viewer.port, QUERY, { method: 'POST', headers: FORM, body: 'query=up' });
  assert.equal(status, 200);
  assert.deepEqual([seen[0]?.method, seen[0]?.body], ['POST', 'query=up']);
});

test('streams a compressed answer through without opening it', async () => {
  answer = (_request, response) => {
    response.setHeader('content-encoding', 'gzip');
    response.end(gzipSync('{"status":"success"}'));
  };
  const headers = { 'accept-encoding': 'gzip' };
  assert.equal((await ask(viewer.port, QUERY, { headers })).headers['content-encoding'], 'gzip');
  assert.equal(seen.at(-1)?.headers['accept-encoding'], 'gzip');
});

test('passes Prometheus’ own error on', async () => {
  answer = (_request, response) =>
    void response.writeHead(400).end('{"status":"error","error":"parse error"}');
  const { status, text } = await ask(viewer.port, QUERY);
  assert.equal(status, 400);
  assert.match(text, /parse error/);
});

test('lets nothing but reading reach Prometheus', async () => {
  seen.length = 0;
  const paths = [
    '/api/v1/admin/tsdb/delete_series',
    '/api/v1/write',
    '/api/v1/otlp/v1/metrics',
    '/-/reload',
    '/api/v1/query/../admin/tsdb/snapshot',
    '/api/v1/query/%2e%2e/admin',
    '/api/v1%2fquery',
    '//api/v1/query',
    '/api/v1/label/job%2F..%2F..%2Fquery/values',
    '@example.org/api/v1/query',
    '',
  ];
  for (const path of paths) {
    for (const method of ['GET', 'POST']) {
      const { status } = await ask(viewer.port, PROXY_PREFIX + path, { method, headers: FORM, body: '' });
      assert.equal(status, 404, `${method} ${path}`);
    }
  }
  for (const method of ['PUT', 'DELETE', 'OPTIONS', 'HEAD']) {
    assert.equal((await ask(viewer.port, QUERY, { method })).status, 405, method);
  }
  assert.equal(seen.length, 0);
});

test('bounds the body and wants a form', async () => {
  const post = (headers: object, body: string) => ask(viewer.port, QUERY, { method: 'POST', headers, body });
  assert.equal((await post({ 'content-type': 'application/json' }, '{}')).status, 415);
  assert.equal((await post(FORM, `query=${'x'.repeat(200)}`)).status, 413);
  const chunked = { ...FORM, 'transfer-encoding': 'chunked' };
  assert.equal((await post(chunked, `query=${'x'.repeat(200)}`)).status, 413);
});

test('says in words that Prometheus takes too long', async () => {
  answer = () => {};
  const { status, text } = await ask(viewer.port, QUERY);
  assert.equal(status, 504);
  assert.equal(JSON.parse(text).error, 'Prometheus took longer than 0.5 s to answer.');
});

test('queries few at once and refuses more than may wait', async () => {
  const held: ServerResponse[] = [];
  answer = (_request, response) => void held.push(response);
  const asked = Array.from({ length: 6 }, () => ask(viewer.port, QUERY));
  const refused: number[] = [];
  await new Promise<void>((resolve) => {
    for (const one of asked) one.then(({ status }) => refused.push(status) === 3 && resolve());
  });
  assert.deepEqual(refused, [503, 503, 503]);
  assert.equal(held.length, 2);
  answer = (_request, response) => void response.end('{}');
  for (const response of held) response.end('{}');
  const statuses = (await Promise.all(asked)).map(({ status }) => status).sort();
  assert.deepEqual(statuses, [200, 200, 200, 503, 503, 503]);
});

test('says in words that Prometheus is not there', async () => {
  const gone = await listen(() => {});
  const url = urlOf(gone);
  gone.close();
  await once(gone, 'close');
  const alone = await startViewer(url);
  const { status, text } = await ask(alone.port, QUERY);
  await alone.stop();
  assert.equal(status, 502);
  assert.equal(JSON.parse(text).error, `Prometheus does not answer at ${url.origin}.`);
});
