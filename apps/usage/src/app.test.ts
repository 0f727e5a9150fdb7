import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import { parsePrometheusText } from '../../../telemetry/textFormat.ts';
import { USAGE_CATALOGUE, USAGE_REFUSALS, type UsageRefusal } from '../../../telemetry/usageCatalogue.ts';
import { temporaryFolder } from '../../ase/src/ledger/testing.ts';
import { createUsageApp } from './app.ts';
import { openDatabase } from './database.ts';
import { createUsageStore, type UsageStore } from './store.ts';
import { LIMITS, reportOf } from './testing.ts';

interface Answer {
  result: { version: string; spread?: { packets: object } }[];
  pagination: { endCursor: string | null; hasNextPage: boolean };
  error: { description: string };
}

const NOW_MS = Date.parse('2030-03-31T10:00:00Z');

describe('the usage backend', () => {
  const { folder, remove } = temporaryFolder();
  const stores: UsageStore[] = [];
  let store: UsageStore;
  let mayCome = true;
  let fails = false;
  const server = createServer((request, response) => {
    const failing = {
      ...store,
      add: () => {
        throw new Error('disk I/O error');
      },
    };
    createUsageApp({
      store: fails ? failing : store,
      mayCome: () => mayCome,
      nowMs: () => NOW_MS,
      log: () => {},
    })(request, response);
  });
  let url = '';

  beforeEach(async () => {
    mayCome = true;
    fails = false;
    store = createUsageStore(openDatabase(join(folder, `${stores.length}.sqlite`)), {
      limits: LIMITS,
      ownVersion: '0.1.0',
      nowMs: () => NOW_MS,
    });
    stores.push(store);
    if (url !== '') return;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.close();
    server.closeAllConnections();
    for (const one of stores) one.close();
    remove();
  });

  const post = async (body: string | Uint8Array<ArrayBuffer>, type = 'application/json') => {
    const answer = await fetch(`${url}/reports`, { method: 'POST', body, headers: { 'content-type': type } });
    const text = await answer.text();
    const code = text === '' ? 'stored' : (JSON.parse(text) as { error: { code: string } }).error.code;
    return { status: answer.status, code };
  };
  const get = async (path: string) => {
    const answer = await fetch(`${url}${path}`);
    return { status: answer.status, body: (await answer.json()) as Answer };
  };

  test('takes a report, and refuses and counts what is none', async () => {
    const good = JSON.stringify(reportOf(1));
    assert.deepEqual(await post(good), { status: 204, code: 'stored' });
    const refused: [string, string | undefined, number, UsageRefusal][] = [
      ['{"format": 1,', undefined, 400, 'malformed'],
      ['', undefined, 400, 'malformed'],
      ['null', undefined, 400, 'invalid'],
      ['[]', undefined, 400, 'invalid'],
      [JSON.stringify({ ...reportOf(1), wallet: 'alice' }), undefined, 400, 'invalid'],
      [JSON.stringify({ ...reportOf(1), filler: 'x'.repeat(3000) }), undefined, 413, 'too_large'],
      [good, 'text/plain', 415, 'wrong_type'],
      [good, 'application/json; charset=latin-9', 415, 'wrong_type'],
    ];
    for (const [body, type, status, code] of refused) {
      assert.deepEqual(await post(body, type), { status, code }, body.slice(0, 60));
    }
    mayCome = false;
    assert.deepEqual(await post(good), { status: 429, code: 'flooding' });
    mayCome = true;
    fails = true;
    assert.deepEqual(await post(good), { status: 503, code: 'storage' });
    fails = false;
    await post(good);
    await post(good);
    assert.deepEqual(await post(good), { status: 429, code: 'too_often' });
    const { refused: counted, stored } = store.totals();
    assert.deepEqual(counted, {
      malformed: 2,
      invalid: 3,
      too_large: 1,
      wrong_type: 2,
      flooding: 1,
      too_often: 1,
      full: 0,
      storage: 1,
    });
    assert.equal(stored, 3, 'and nothing of what was taken is lost');
  });

  test('whatever is posted is answered, stored once or counted once', async () => {
    let stored = 0;
    let refused = 0;
    const bodies = fc.oneof(
      fc.json().map((text) => new TextEncoder().encode(text)),
      fc.uint8Array({ maxLength: 4000 }).map((bytes) => new Uint8Array(bytes)),
      fc.nat(200).map((n) => new TextEncoder().encode(JSON.stringify(reportOf(n)))),
    );
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const { status } = await post(body);
        if (status === 204) stored += 1;
        else refused += 1;
        assert.ok([204, 400, 413, 415, 429].includes(status), String(status));
        const totals = store.totals();
        assert.equal(totals.stored, stored);
        assert.equal(
          Object.values(totals.refused).reduce((a, b) => a + b),
          refused,
        );
      }),
      { numRuns: 60 },
    );
  });

  test('tells reports by day and version a page at a time, and never an installation', async () => {
    for (const version of ['0.1.0', '0.2.0', '0.3.0']) await post(JSON.stringify(reportOf(1, { version })));
    const first = await get('/reports?first=2');
    assert.deepEqual(
      first.body.result.map(({ version }) => version),
      ['0.3.0', '0.2.0'],
    );
    assert.equal(first.body.pagination.hasNextPage, true);
    const second = await get(`/reports?first=2&after=${first.body.pagination.endCursor}`);
    assert.deepEqual(second.body.result, [
      { day: '2030-03-31', version: '0.1.0', reports: 1, installations: 1 },
    ]);
    assert.equal(second.body.pagination.hasNextPage, false);
    const detailed = await get('/reports?detail=true&version=0.2.0');
    assert.deepEqual(detailed.body.result[0]?.spread?.packets, { '100-999': 1 });
    assert.doesNotMatch(JSON.stringify(detailed.body), /9b2c1f0e/);
    assert.deepEqual((await get('/reports?to=2030-01-01')).body, {
      result: [],
      pagination: { endCursor: null, hasNextPage: false },
    });
  });

  test('refuses a question that is none, naming every problem', async () => {
    const bad = ['first=0', 'first=101', 'after=x', 'from=today', 'from=2030-02-02&to=2030-02-01', 'x=1'];
    for (const query of [...bad, 'detail=true&first=21', 'first=1&first=2']) {
      assert.equal((await get(`/reports?${query}`)).status, 400, query);
    }
    const { body } = await get('/reports?first=x&from=y');
    assert.match(body.error.description, /first: .*; from: /);
  });

  test('its metrics are those of the catalogue, with all reasons at 0 from the beginning', async () => {
    const read = async () => parsePrometheusText(await (await fetch(`${url}/metrics`)).text());
    const empty = await read();
    assert.deepEqual(
      empty
        .filter(({ name }) => name.startsWith('usage_reports_re'))
        .map(({ labels, value }) => [labels.version ?? labels.reason, value]),
      [['0.1.0', '0'], ...USAGE_REFUSALS.map((reason) => [reason, '0'])],
    );
    await post(JSON.stringify(reportOf(1)));
    await post('{');
    const samples = await read();
    assert.deepEqual(new Set(samples.map(({ name }) => name)), new Set(Object.keys(USAGE_CATALOGUE)));
    for (const { name, labels } of samples) {
      const known: readonly string[] = USAGE_CATALOGUE[name as keyof typeof USAGE_CATALOGUE].labels;
      assert.deepEqual(Object.keys(labels), known, name);
    }
    const sampleOf = (name: string, label: string) =>
      samples.find((one) => one.name === name && Object.values(one.labels).includes(label))?.value;
    assert.equal(sampleOf('usage_reports_received_total', '0.1.0'), '1');
    assert.equal(sampleOf('usage_reports_refused_total', 'malformed'), '1');
    assert.equal(sampleOf('usage_day_reports', '2030-03-31'), '1');
    assert.equal(sampleOf('usage_day_installations', '0.1.0'), '1');
  });

  test('says that it is well, and nothing else exists', async () => {
    assert.deepEqual((await get('/health')).body, { status: 'ok', reportsStored: 0 });
    assert.equal((await get('/reports/1')).status, 404);
    assert.equal((await get('/')).status, 404);
    assert.equal((await fetch(`${url}/reports`, { method: 'DELETE' })).status, 405);
    assert.equal((await fetch(`${url}/health`, { method: 'POST', body: '{}' })).status, 405);
  });
});
