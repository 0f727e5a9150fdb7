import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import { createDeliveries, type Heard } from './deliveries.ts';
import { createSinkServer } from './server.ts';
import { readSettings } from './settings.ts';

const NOW_MS = 1_700_000_000_000;

function message(alertname: string, severity: string, status = 'firing', extra: object = {}) {
  const alert = {
    status,
    labels: { alertname, severity, instance: 'cloud-nine' },
    annotations: { summary: 'it hurts', runbook: `docs/runbooks/${alertname}.md`, dashboard: 'http://x/d/y' },
    startsAt: '2030-01-01T00:00:00Z',
    endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : '2030-01-01T00:01:00.123Z',
  };
  return { version: '4', receiver: severity, status, alerts: [alert], groupKey: 'x', ...extra };
}

describe('deliveries', () => {
  test('keep what a person needs, the last ones only', () => {
    const deliveries = createDeliveries(2);
    for (const name of ['One', 'Two', 'Three']) {
      assert.equal(deliveries.take(message(name, 'warning'), NOW_MS), undefined);
    }
    const { deliveries: kept, received, refused, heartbeatAtMs } = deliveries.heard();
    assert.deepEqual(
      kept.map(({ alerts }) => alerts[0]!.name),
      ['Two', 'Three'],
    );
    assert.deepEqual([received, refused, heartbeatAtMs], [3, 0, null]);
    assert.deepEqual(kept[1], {
      receivedAtMs: NOW_MS,
      receiver: 'warning',
      status: 'firing',
      alerts: [
        {
          name: 'Three',
          severity: 'warning',
          instance: 'cloud-nine',
          status: 'firing',
          summary: 'it hurts',
          runbook: 'docs/runbooks/Three.md',
          dashboard: 'http://x/d/y',
          startsAt: '2030-01-01T00:00:00Z',
          endsAt: null,
        },
      ],
    });
  });

  test('say when an alert ended', () => {
    const deliveries = createDeliveries(2);
    deliveries.take(message('One', 'warning', 'resolved'), NOW_MS);
    assert.equal(deliveries.heard().deliveries[0]!.alerts[0]!.endsAt, '2030-01-01T00:01:00.123Z');
  });

  test('only remember when a heartbeat came', () => {
    const deliveries = createDeliveries(2);
    deliveries.take(message('DeadMansSwitch', 'heartbeat'), NOW_MS);
    assert.deepEqual(deliveries.heard(), {
      deliveries: [],
      received: 1,
      refused: 0,
      heartbeatAtMs: NOW_MS,
    });
  });

  test('are bounded, whatever comes', () => {
    const deliveries = createDeliveries(3);
    const long = 'x'.repeat(100_000);
    deliveries.take(message(long, 'warning'), NOW_MS);
    assert.equal(deliveries.heard().deliveries[0]!.alerts[0]!.name.length, 500);
    const many = { alerts: Array.from({ length: 65 }, () => message('One', 'warning').alerts[0]) };
    assert.match(deliveries.take(message('One', 'warning', 'firing', many), NOW_MS)!, /^alerts: /);
    fc.assert(
      fc.property(fc.anything(), (anything) => {
        assert.equal(typeof deliveries.take(anything, NOW_MS), 'string');
      }),
    );
    assert.equal(deliveries.heard().deliveries.length, 1);
  });
});

describe('the sink', () => {
  let server: ReturnType<typeof createSinkServer>;
  let url: string;
  beforeEach(async () => {
    server = createSinkServer(createDeliveries(10), () => NOW_MS).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });
  const post = (body: string) => fetch(`${url}/deliveries`, { method: 'POST', body });
  const heard = async () => (await (await fetch(`${url}/deliveries`)).json()) as Heard;

  test('takes what Alertmanager posts, and shows it', async () => {
    assert.equal((await post(JSON.stringify(message('One', 'critical')))).status, 200);
    assert.equal((await heard()).deliveries[0]!.receiver, 'critical');
    assert.equal((await fetch(`${url}/health`)).status, 200);
  });

  test('refuses what is no JSON, no delivery or too large, and goes on', async () => {
    assert.equal((await post('{')).status, 400);
    assert.equal((await post('{}')).status, 400);
    const large = await post('x'.repeat(600_000)).then(
      ({ status }) => status,
      () => 'cut off',
    );
    assert.ok(large === 413 || large === 'cut off', String(large));
    assert.equal((await fetch(`${url}/other`)).status, 404);
    assert.equal((await fetch(`${url}/deliveries`, { method: 'DELETE' })).status, 404);
    const { refused, deliveries } = await heard();
    assert.deepEqual([refused, deliveries.length], [3, 0]);
  });
});

test('settings tell all their problems at once', () => {
  assert.deepEqual(readSettings({ ALERT_SINK_PORT: '1' }), { host: '127.0.0.1', port: 1, capacity: 200 });
  assert.throws(
    () => readSettings({ ALERT_SINK_CAPACITY: '0' }),
    /ALERT_SINK_PORT: is needed\nALERT_SINK_CAPACITY: must be a whole number from 1 to 1000/,
  );
});
