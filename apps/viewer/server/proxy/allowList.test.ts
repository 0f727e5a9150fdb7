import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isPlainSearch, JAEGER_READS, judge as judgeBy, PROMETHEUS_READS } from './allowList.ts';

const judge = (method: string | undefined, path: string) => judgeBy(PROMETHEUS_READS, method, path);

const READS: Array<[string, string]> = [
  ['GET', '/api/v1/query'],
  ['POST', '/api/v1/query'],
  ['POST', '/api/v1/query_range'],
  ['GET', '/api/v1/query_exemplars'],
  ['POST', '/api/v1/format_query'],
  ['POST', '/api/v1/series'],
  ['GET', '/api/v1/labels'],
  ['GET', '/api/v1/label/__name__/values'],
  ['GET', '/api/v1/metadata'],
];

const REFUSED = [
  '',
  '/',
  '/metrics',
  '/-/reload',
  '/-/quit',
  '/api/v1/write',
  '/api/v1/read',
  '/api/v1/otlp/v1/metrics',
  '/api/v1/admin/tsdb/delete_series',
  '/api/v1/status/config',
  '/api/v1/status/flags',
  '/api/v1/targets',
  '/api/v1/rules',
  '/api/v1/notifications/live',
  '/api/v1/label//values',
  '/api/v1/label/a/b/values',
  '/api/v1/label/../admin/values',
];

test('lets every read query through', () => {
  for (const [method, path] of READS) assert.deepEqual(judge(method, path), { allowed: true }, path);
});

test('refuses everything that is not named', () => {
  for (const path of REFUSED) assert.equal(judge('GET', path).allowed, false, path);
});

test('tells which methods a known path has', () => {
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE', undefined]) {
    assert.deepEqual(judge(method, '/api/v1/query'), { allowed: false, status: 405, allow: 'GET, POST' });
  }
  assert.deepEqual(judge('POST', '/api/v1/metadata'), { allowed: false, status: 405, allow: 'GET' });
});

/** What an attacker would mix into a path. */
const trick = fc.constantFrom(
  '..',
  '.',
  '/',
  '//',
  '\\',
  '%2f',
  '%2F',
  '%5c',
  '%2e%2e',
  '%252e',
  '%00',
  '\0',
  ';',
  ';x=1',
  '#',
  '?',
  '@',
  ':80',
  ' ',
  '\t',
  '\r\n',
  '\u2215',
  '\uff0f',
  'A',
  'admin',
  '-',
  'quit',
  '/../',
  '/./',
  '%0d%0a',
); // prettier-ignore

test('a read path with any trick mixed in is refused', () => {
  fc.assert(
    fc.property(fc.constantFrom(...READS), fc.nat(), trick, ([method, path], at, insertion) => {
      const index = at % (path.length + 1);
      const spoiled = path.slice(0, index) + insertion + path.slice(index);
      // A letter inside a label's name only makes another name.
      fc.pre(!/^\/api\/v1\/label\/[A-Za-z_][A-Za-z0-9_]*\/values$/.test(spoiled));
      assert.equal(judge(method, spoiled).allowed, false, JSON.stringify(spoiled));
    }),
    { numRuns: 2000 },
  );
});

test('whatever is let through is a plain path below /api/v1 that means the same after any decoding', () => {
  const segment = fc.oneof(
    trick,
    fc.constantFrom('api', 'v1', 'query', 'label', 'values', 'series', 'tsdb', '-', 'metadata'),
    fc.string(),
  );
  const path = fc.array(segment, { maxLength: 8 }).map((segments) => `/${segments.join('/')}`);
  fc.assert(
    fc.property(fc.constantFrom('GET', 'POST'), fc.oneof(path, fc.string(), fc.webPath()), (method, raw) => {
      if (!judge(method, raw).allowed) return;
      assert.match(raw, /^\/api\/v1\/[a-zA-Z0-9_/]+$/);
      assert.equal(new URL(`http://prometheus${raw}`).pathname, raw);
      assert.equal(decodeURIComponent(raw), raw);
    }),
    { numRuns: 5000 },
  );
});

test('a query string goes on the wire only if it is printable ASCII', () => {
  assert.equal(isPlainSearch('query=up%7Bjob%3D%22a%22%7D&time=1.5'), true);
  for (const search of ['a b', 'a\r\nx: y', 'ä', '\0']) assert.equal(isPlainSearch(search), false);
});

test('of Jaeger traces can be searched and read, by GET', () => {
  const judgeJaeger = (method: string, path: string) => judgeBy(JAEGER_READS, method, path);
  const one = `/api/traces/${'0af7651916cd43dd8448eb211c80319c'}`;
  for (const path of ['/api/traces', '/api/services', one])
    assert.deepEqual(judgeJaeger('GET', path), { allowed: true }, path);
  for (const path of [
    '/',
    '/api/traces/',
    `${one}/x`,
    '/api/traces/..',
    '/api/archive/1',
    '/api/transform',
    '/metrics',
  ])
    assert.equal(judgeJaeger('GET', path).allowed, false, path);
  assert.equal(judgeJaeger('POST', '/api/traces').allowed, false);
});
