import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestNetwork } from '../testNetwork.ts';

async function pageOf(env: Record<string, string>, path: string): Promise<{ status: number; text: string }> {
  const network = await createTestNetwork(1, env);
  try {
    await network.start('cloud-nine');
    const { status, body } = await network.request('cloud-nine', 'GET', path);
    return { status, text: String(body) };
  } finally {
    await network.close();
  }
}

test('the page for Prometheus is where it is wanted, says what it is told to, and nothing of Node if not asked', async () => {
  const env = {
    PROMETHEUS_METRICS_PATH: '/observed',
    PROMETHEUS_DEFAULT_METRICS: 'false',
    OTEL_RESOURCE_ATTRIBUTES: 'environment=test,region=a%20b',
  };
  const { status, text } = await pageOf(env, '/observed');
  assert.equal(status, 200);
  assert.match(text, /^target_info\{environment="test",region="a b",service_version="[^"]+"\} 1$/m);
  assert.match(text, /^payments_total\{/m);
  assert.doesNotMatch(text, /^(nodejs_eventloop_delay|v8js_memory|process_memory)/m);
  assert.equal((await pageOf(env, '/metrics')).status, 404);
});

test('there is no page when it is switched off', async () => {
  assert.equal((await pageOf({ PROMETHEUS_ENABLED: 'false' }, '/metrics')).status, 404);
});
