import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask, startViewer, type Viewer } from './testing/startViewer.ts';

const NOWHERE = new URL('http://127.0.0.1:9');
let viewer: Viewer;

before(async () => {
  viewer = await startViewer(NOWHERE, { VIEWER_FRAME_ANCESTORS: "'self' https://docs.example" });
  const board = {
    uid: 'payments',
    title: 'Payments & more',
    tags: ['money'],
    panels: [],
    description: 'All.',
  };
  await writeFile(join(viewer.dashboardsDir, 'payments.json'), JSON.stringify(board));
  await writeFile(join(viewer.dashboardsDir, 'broken.json'), '{');
});
after(() => viewer.stop());

test('health names version, build and the files that cannot be used', async () => {
  const health = JSON.parse((await ask(viewer.port, '/api/health')).text);
  assert.deepEqual([health.database, health.version, health.commit], ['ok', '1.2.3', '0123456789']);
  assert.equal(health.brokenDashboards.length, 1);
  assert.equal(health.brokenDashboards[0].file, 'broken.json');
});

test('search and a board have Grafana’s shapes', async () => {
  const [hit] = JSON.parse((await ask(viewer.port, '/api/search?query=pay&tag=money&type=dash-db')).text);
  assert.equal(hit.url, '/d/payments/payments-more');
  const { dashboard, meta } = JSON.parse((await ask(viewer.port, '/api/dashboards/uid/payments')).text);
  assert.equal(dashboard.title, 'Payments & more');
  assert.deepEqual([meta.slug, meta.url, meta.canEdit], ['payments-more', hit.url, false]);
  assert.deepEqual(await ask(viewer.port, '/api/dashboards/uid/none').then(({ status }) => status), 404);
});

test('the page is there under Grafana’s addresses, with headers that keep it to itself', async () => {
  for (const path of ['/', '/dashboards', '/d/payments', '/d/payments/x?from=now-5m&kiosk']) {
    const { status, text, headers } = await ask(viewer.port, path);
    assert.equal(status, 200, path);
    assert.match(text, /<!doctype html>/);
    assert.match(String(headers['content-security-policy']), /default-src 'none'; script-src 'self';/);
    assert.match(
      String(headers['content-security-policy']),
      /frame-ancestors 'self' https:\/\/docs\.example$/,
    );
    assert.equal(headers['x-content-type-options'], 'nosniff');
  }
  assert.equal((await ask(viewer.port, '/else')).status, 404);
});

test('files go out compressed, and nothing outside the bundle goes out at all', async () => {
  const compressed = await ask(viewer.port, '/script.js', { headers: { 'accept-encoding': 'gzip, br' } });
  assert.deepEqual([compressed.headers['content-encoding'], compressed.text], ['br', 'brotli']);
  const plain = await ask(viewer.port, '/script.js', { headers: { 'accept-encoding': 'br;q=0' } });
  assert.deepEqual([plain.headers['content-encoding'], plain.text], [undefined, 'let one;']);
  const etag = String(plain.headers.etag);
  assert.equal((await ask(viewer.port, '/script.js', { headers: { 'if-none-match': etag } })).status, 304);
  for (const path of [
    '/../package.json',
    '/%2e%2e/package.json',
    '/build.json',
    '/script.js.br',
    '//etc/passwd',
  ]) {
    assert.equal((await ask(viewer.port, path)).status, 404, path);
  }
});

test('only reads', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    assert.equal((await ask(viewer.port, '/api/search', { method })).status, 405, method);
  }
});

test('answers only to names that nobody else can own', async () => {
  const status = async (host: string) => (await ask(viewer.port, '/', { headers: { host } })).status;
  for (const host of ['localhost:13000', '127.0.0.1', '[::1]:13000', '192.168.1.5:80', 'LOCALHOST']) {
    assert.equal(await status(host), 200, host);
  }
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:13000', 'a b']) {
    assert.notEqual(await status(host), 200, host);
  }
});
