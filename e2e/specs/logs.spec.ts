import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pay } from '../fixtures/payment.ts';
import type { Playground } from '../fixtures/playground.ts';
import { leaks, secretBytes, secretsOf } from '../fixtures/secrets.ts';
import { expect, test } from '../fixtures/test.ts';

interface PaymentLogs {
  outgoing: string[];
  incoming: string[];
  traces: string[];
  lines: { component: string; fields: { msg: string; correlationId?: string; trace_id?: string } }[];
}

const AMOUNT = { value: '4321', assetCode: 'EUR', assetScale: 2 };

test('a payment is followed over both ASEs by the id of either end', async ({ playground }) => {
  const [nine, life] = asesOf(playground);
  const { outgoing, incoming } = await pay(`${nine}/alice`, `${life}/bob`, AMOUNT);
  await pay(`${nine}/alice`, `${life}/bob`, AMOUNT);
  const id = outgoing.split('/').at(-1)!;

  for (const asked of [id, outgoing, incoming]) {
    const look = () => playground.verb<PaymentLogs>('logs', '--payment', asked);
    // A payment's end is in the books a moment before it is in the log.
    await expect
      .poll(async () => linesOf((await look()).report))
      .toEqual([
        'cloud-nine: Payment created',
        'cloud-nine: Payment ended',
        'cloud-nine: Payment is being sent',
        'happy-life: A payment arrives',
        'happy-life: Incoming payment ended',
      ]);
    const { report, exitCode } = await look();
    expect(exitCode).toBe(0);
    expect(report.outgoing).toEqual([id]);
    expect(report.incoming).toEqual([incoming.split('/').at(-1)]);
    // All payments are traced, and every line of one is in its trace.
    expect(report.traces.length).toBe(1);
    expect(report.lines.map(({ fields }) => fields.trace_id)).toEqual(
      report.lines.map(() => report.traces[0]),
    );
    expect(report.lines.map(({ fields }) => fields.correlationId)).toEqual(report.lines.map(() => id));
  }
  const unknown = await playground.verb<PaymentLogs>('logs', '--payment', randomUUID());
  expect([unknown.exitCode, unknown.report.lines]).toEqual([1, []]);
});

test('no log has a secret, whatever is asked with it', async ({ playground }) => {
  const [nine, life] = asesOf(playground);
  const { adminToken, peerTokens } = JSON.parse(
    readFileSync(path.join(playground.home, 'secrets.json'), 'utf8'),
  ) as { adminToken: string; peerTokens: Record<string, string> };
  const { sharedSecrets } = await pay(`${nine}/alice`, `${life}/bob`, AMOUNT);
  expect(sharedSecrets.length).toBe(1);
  const secrets = [
    ...secretsOf(playground),
    ...sharedSecrets.map((text) => secretBytes('a shared secret', Buffer.from(text, 'base64url'))),
  ];
  expect(secrets.length).toBeGreaterThan(10);

  // The right tokens with wrong requests, which is where a program is most likely to tell what it was asked.
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const octets = { 'content-type': 'application/octet-stream' };
  const json = { 'content-type': 'application/json' };
  const peer = bearer(peerTokens['cloud-nine>happy-life']!);
  const wrong = [
    { path: '/ilp', headers: { ...peer, ...octets }, body: 'no packet' },
    { path: '/ilp', headers: { ...peer, ...octets }, body: 'x'.repeat(50_000) },
    { path: '/ilp', headers: { ...peer, ...octets, 'idempotency-key': 'x'.repeat(500) }, body: '' },
    { path: '/ilp', headers: { ...octets, authorization: peer.authorization.slice(0, -1) }, body: '' },
    { path: '/settlement/claims', headers: { ...peer, ...json }, body: '{"claim":' },
    { path: '/admin/traffic', headers: { ...bearer(adminToken), ...json }, body: '{"pauseMs":"x"}' },
    { path: '/admin/nothing', headers: { ...bearer(adminToken), ...json }, body: '{}' },
  ];
  for (const { path: at, headers, body } of wrong) {
    const { status } = await fetch(`${life}${at}`, { method: 'POST', headers, body });
    expect(status, at).toBeLessThan(500);
  }

  expect(leaks(playground, secrets)).toEqual([]);

  // It would have been found.
  const planted = path.join(playground.home, 'logs', 'planted.log');
  for (const { name, forms } of secrets) {
    writeFileSync(planted, `{"msg":"token ${forms[0]}"}\n`);
    expect(leaks(playground, secrets)).toContain(`planted.log has ${name}`);
  }
  rmSync(planted);
});

function linesOf({ lines }: PaymentLogs): string[] {
  return lines.map(({ component, fields }) => `${component}: ${fields.msg}`).toSorted();
}

function asesOf(playground: Playground): [nine: string, life: string] {
  return [`http://127.0.0.1:${playground.port(14100)}`, `http://127.0.0.1:${playground.port(14200)}`];
}
