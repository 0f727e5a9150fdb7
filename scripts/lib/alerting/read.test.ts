import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { readAlerts } from './read.ts';

async function serve(t: TestContext, body: unknown, status = 200): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end(JSON.stringify(body)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const active = (alertname: string, severity: string, state = 'firing') => ({
  state,
  labels: { alertname, severity, instance: 'cloud-nine' },
  annotations: { summary: 'it hurts', runbook: 'r', dashboard: 'd' },
  activeAt: '2030-01-01T00:00:00Z',
});
const answer = (...alerts: object[]) => ({ status: 'success', data: { alerts } });
const heard = (heartbeatAtMs: number | null) => ({ deliveries: [], received: 0, refused: 0, heartbeatAtMs });

describe('what fires and what was delivered', () => {
  test('the worst comes first, the dead man’s switch is no alert', async (t) => {
    const prometheusUrl = await serve(
      t,
      answer(
        active('Slow', 'warning'),
        active('Soon', 'critical', 'pending'),
        active('Down', 'critical'),
        active('DeadMansSwitch', 'heartbeat'),
      ),
    );
    const sinkUrl = await serve(t, heard(Date.now() - 5000));
    const report = await readAlerts({ prometheusUrl, alerting: { alertmanagerUrl: '', sinkUrl } });
    assert.deepEqual(
      report.firing.map(({ name }) => name),
      ['Down', 'Slow'],
    );
    assert.deepEqual(
      report.pending.map(({ name }) => name),
      ['Soon'],
    );
    assert.equal(report.heartbeat?.ok, true);
    assert.deepEqual(report.deliveries, []);
  });

  test('silence of the dead man’s switch is told', async (t) => {
    const prometheusUrl = await serve(t, answer());
    const late = await serve(t, heard(Date.now() - 600_000));
    const never = await serve(t, heard(null));
    const heartbeat = async (sinkUrl: string) =>
      (await readAlerts({ prometheusUrl, alerting: { alertmanagerUrl: '', sinkUrl } })).heartbeat;
    assert.deepEqual(await heartbeat(late), { ageSeconds: 600, ok: false });
    assert.deepEqual(await heartbeat(never), { ageSeconds: null, ok: false });
  });

  test('without Alertmanager there is what Prometheus says', async (t) => {
    const prometheusUrl = await serve(t, answer(active('Down', 'critical')));
    const { firing, deliveries, heartbeat } = await readAlerts({ prometheusUrl, alerting: null });
    assert.deepEqual([firing.length, deliveries, heartbeat], [1, null, null]);
  });

  test('a server that fails is named', async (t) => {
    const prometheusUrl = await serve(t, {}, 503);
    await assert.rejects(readAlerts({ prometheusUrl, alerting: null }), /^Error: Prometheus answers 503/);
  });
});
