import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { createOtlpLogs } from '../apps/ase/src/logs/otlp.ts';
import { freePorts, Program, until } from '../prometheus/testing/program.ts';
import { ensureTools } from '../scripts/lib/tools/ensure.ts';
import { OPERATOR_CONFIG } from './command.ts';
import { LOG_BACKENDS, logsConfig, logsEnvironment } from './logs.ts';

const PAYMENT = '2173b2a9-03c2-4cd1-bdcb-f7f5f0080c5e';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const LINE = {
  level: 'warn',
  time: 1_700_000_000_000,
  nodeId: 'cloud-nine',
  component: 'payments',
  correlationId: PAYMENT,
  attempts: 2,
  err: { type: 'LinkError', message: 'no answer', stack: 'LinkError: no answer\n at x' },
  trace_id: TRACE,
  span_id: 'b7ad6b7169203331',
  msg: 'Payment is not through yet',
};
/** What each backend knows its senders and their lines by. */
const WANTED = {
  loki: { path: '/otlp/v1/logs', headers: {} },
  elastic: { path: '/_otlp/v1/logs', headers: { authorization: 'ApiKey key-for-elastic' } },
  datadog: { path: '/v1/logs', headers: { 'dd-api-key': 'key-for-datadog' } },
  cloudwatch: {
    path: '/v1/logs',
    headers: {
      authorization: 'Bearer token-for-cloudwatch',
      'x-aws-log-group': '/ilp-connector',
      'x-aws-log-stream': 'playground',
    },
  },
} as const;

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

describe('a log line on its way through the collector', () => {
  const received: Received[] = [];
  const backend = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
    received.push({ path: request.url ?? '', headers: request.headers, body });
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
  let otelcol: string;
  let folder: string;
  before(async () => {
    const { signal } = new AbortController();
    ({ otelcol } = await ensureTools(['otelcol'], { say: console.error, signal }));
    folder = mkdtempSync(path.join(tmpdir(), 'playground-logs-'));
    backend.listen(0, '127.0.0.1');
    await once(backend, 'listening');
  });
  after(() => {
    backend.close();
    backend.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const name of LOG_BACKENDS) {
    it(`reaches ${name} with all that it says`, async () => {
      const [grpc = 0, http = 0, metrics = 0, exported = 0, health = 0] = await freePorts(5);
      const collector = new Program({
        program: otelcol,
        args: ['--config', OPERATOR_CONFIG, '--config', logsConfig(name)],
        env: {
          COLLECTOR_OTLP_GRPC_PORT: String(grpc),
          COLLECTOR_OTLP_HTTP_PORT: String(http),
          COLLECTOR_METRICS_PORT: String(metrics),
          COLLECTOR_EXPORT_PORT: String(exported),
          COLLECTOR_HEALTH_PORT: String(health),
          COLLECTOR_DATA_DIR: path.join(folder, name),
          ...logsEnvironment(`http://127.0.0.1:${(backend.address() as AddressInfo).port}`),
        },
        healthUrl: `http://127.0.0.1:${health}/`,
      });
      await collector.start();
      const troubles: unknown[] = [];
      const logs = createOtlpLogs({
        endpoint: `http://127.0.0.1:${grpc}`,
        aseName: 'cloud-nine',
        onChange: (trouble) => troubles.push(trouble),
      });
      try {
        received.length = 0;
        logs.write('no JSON');
        logs.write(JSON.stringify(LINE));
        const [request] = await until(`${name} has got it`, async () => received.length > 0 && received);
        const { path: at, headers, body } = request!;
        assert.equal(at, WANTED[name].path);
        for (const [header, value] of Object.entries(WANTED[name].headers))
          assert.equal(headers[header], value);
        // Texts stand in Protobuf as they are, and a trace id as its bytes.
        const text = body.toString('latin1');
        for (const word of [
          'service.name',
          'ilp-connector',
          'service.instance.id',
          'correlationId',
          PAYMENT,
        ]) {
          assert.ok(text.includes(word), `${word} is missing`);
        }
        for (const word of [LINE.msg, 'component', 'payments', 'warn', 'exception.type', 'LinkError']) {
          assert.ok(text.includes(word), `${word} is missing`);
        }
        assert.ok(body.includes(Buffer.from(TRACE, 'hex')), 'the trace is missing');
        assert.deepEqual(troubles, []);
      } finally {
        await logs.shutdown();
        await collector.kill();
      }
    });
  }
});

it('a collector that is away is told of once', async () => {
  const [port = 0] = await freePorts(1);
  const troubles: (string | undefined)[] = [];
  const logs = createOtlpLogs({
    endpoint: `http://127.0.0.1:${port}`,
    aseName: 'cloud-nine',
    onChange: (trouble) => troubles.push(trouble),
  });
  logs.write(JSON.stringify(LINE));
  await until('the trouble is told', async () => troubles.length > 0);
  logs.write(JSON.stringify(LINE));
  await logs.shutdown();
  assert.equal(troubles.length, 1);
  assert.ok(troubles[0]);
});
