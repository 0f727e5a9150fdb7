import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { waitForFlow } from './gate.ts';

describe('the gate before traffic', () => {
  let server: Server;
  let url: string;
  let collectorHealthy: boolean;
  /** Seconds of the newest sample, by ASE. */
  let newest: Record<string, number>;
  /** The same of what goes to the network. */
  let told: Record<string, number>;
  let queries: string[];
  let healthLooks: number;

  before(async () => {
    server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url!, 'http://host');
      if (pathname === '/health') {
        healthLooks++;
        response.statusCode = collectorHealthy ? 200 : 503;
        response.end();
        return;
      }
      const query = searchParams.get('query') ?? '';
      queries.push(query);
      const result = Object.entries(query.includes('RAFIKI_NETWORK') ? told : newest).map(
        ([instance, seconds]) => ({
          metric: { instance },
          value: [Date.now() / 1000, String(seconds)],
        }),
      );
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());
  beforeEach(() => {
    collectorHealthy = true;
    newest = {};
    told = {};
    queries = [];
    healthLooks = 0;
  });

  const wait = (timeoutMs: number, senders: string[] = []) =>
    waitForFlow({
      collectorHealthUrl: `${url}/health`,
      prometheusUrl: url,
      instances: ['cloud-nine', 'happy-life'],
      senders,
      timeoutMs,
    });
  const soonSeconds = () => Date.now() / 1000 + 60;

  test('opens when every ASE has a sample that is newer than the wait', async () => {
    newest = { 'cloud-nine': soonSeconds(), 'happy-life': soonSeconds() };
    await wait(1000);
    assert.match(queries[0]!, /payments_total\{job="ilp-connector"\}/);
  });

  test('stays closed for old samples, and names the ASE that is missing', async () => {
    newest = { 'cloud-nine': soonSeconds(), 'happy-life': Date.now() / 1000 - 5 };
    await assert.rejects(wait(1), /no new samples of happy-life$/);
  });

  test('waits for the network telemetry of those who have any', async () => {
    newest = { 'cloud-nine': soonSeconds(), 'happy-life': soonSeconds() };
    await assert.rejects(wait(1, ['happy-life']), /no network telemetry of happy-life$/);
    told = { 'happy-life': soonSeconds() };
    await wait(1000, ['happy-life']);
  });

  test('does not open before the collector is healthy, and says so', async () => {
    newest = { 'cloud-nine': soonSeconds(), 'happy-life': soonSeconds() };
    collectorHealthy = false;
    const waiting = wait(10_000);
    await until(() => healthLooks >= 2);
    assert.deepEqual(queries, [], 'Prometheus is not asked before');
    collectorHealthy = true;
    await waiting;
    collectorHealthy = false;
    await assert.rejects(wait(1), /collector is not healthy: answers 503/);
  });

  test('says which program cannot be reached', async () => {
    const nowhere = { collectorHealthUrl: `${url}/health`, prometheusUrl: 'http://127.0.0.1:1' };
    await assert.rejects(
      waitForFlow({ ...nowhere, instances: ['cloud-nine'], senders: [], timeoutMs: 1 }),
      /Prometheus cannot be asked: .*ECONNREFUSED/,
    );
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
