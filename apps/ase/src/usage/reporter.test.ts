import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, beforeEach, describe, test } from 'node:test';
import { usageReport } from '../../../../telemetry/usageReport.ts';
import { createUsageApp } from '../../../usage/src/app.ts';
import { openDatabase } from '../../../usage/src/database.ts';
import { createUsageStore } from '../../../usage/src/store.ts';
import { LIMITS } from '../../../usage/src/testing.ts';
import { createLedger } from '../ledger/ledger.ts';
import { temporaryFolder } from '../ledger/testing.ts';
import type { Ledger } from '../ledger/types.ts';
import { defineUsageTable, readInstallation } from './installation.ts';
import { createUsageReporter, type UsageReporterOptions } from './reporter.ts';
import type { UsageSettings } from './settings.ts';

const DAY_MS = 86_400_000;
const FACTS = {
  version: '0.1.0',
  platform: { system: 'linux', architecture: 'x64', nodeVersion: '24.21.0' },
  peers: 2,
};
const OFF: UsageSettings = { enabled: false, why: 'USAGE_REPORT is false' };

describe('the usage reporter', () => {
  const { folder, remove } = temporaryFolder();
  let ledger: Ledger;
  let ledgers = 0;
  const cleanups: (() => unknown)[] = [];

  beforeEach(() => {
    ledger = createLedger({ file: join(folder, `ledger-${ledgers++}.sqlite`) });
    defineUsageTable(ledger);
  });
  afterEach(async () => {
    for (const clean of cleanups.splice(0).reverse()) await clean();
    await ledger.close();
  });
  after(remove);

  function reporterWith(settings: UsageSettings, more: Partial<UsageReporterOptions> = {}) {
    const logged: string[] = [];
    const log = { info: (_fields: object, message: string) => void logged.push(message) };
    const reporter = createUsageReporter({
      settings,
      ledger,
      facts: FACTS,
      log: log as never,
      random: () => 0.5,
      uptimeMs: () => 7_300_000,
      ...more,
    });
    cleanups.push(() => reporter.stop());
    return { reporter, logged };
  }

  /** A backend that answers with this status, and what was posted to it. */
  async function backendWith(status: number) {
    const bodies: string[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      bodies.push(body);
      response.writeHead(status, { location: '/elsewhere' }).end();
      server.emit('posted');
    });
    return { bodies, server, url: await listening(server) };
  }

  async function listening(server: Server): Promise<string> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => {
      server.close();
      server.closeAllConnections();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/reports`;
  }

  const settingsFor = (url: string, more: object = {}) =>
    ({ enabled: true, url, intervalMs: DAY_MS, firstDelayMs: 1, ...more }) as const;

  test('sends to the letter what the preview shows, and the real backend takes it', async () => {
    await ledger.commit((tx) => {
      for (const [state, byUnits] of [
        ['completed', 123n],
        ['failed', 5_000n],
      ] as const) {
        const labels = { direction: 'outgoing', state, asset: 'USD' };
        tx.addTotal({ quantity: 'payments_total', labels, by: byUnits });
      }
      tx.addTotal({
        quantity: 'connector_errors_total',
        labels: { type: 'internal', severity: 'critical' },
        by: 4n,
      });
    });
    const backend = await backendWith(204);
    const { reporter } = reporterWith(settingsFor(backend.url));
    const posted = once(backend.server, 'posted');
    await reporter.start();
    const { report } = reporter.preview();
    await posted;
    assert.equal(backend.bodies[0], JSON.stringify(report));
    assert.deepEqual(report, {
      format: 1,
      installationId: readInstallation(ledger)?.id,
      version: '0.1.0',
      uptimeHours: 2,
      platform: { system: 'linux', architecture: 'x64', nodeMajor: 24 },
      counts: { paymentsSent: '100-999', paymentsReceived: '0', packets: '0', errors: '1-9', peers: '1-9' },
    });
    assert.ok(usageReport.safeParse(report).success);

    const store = createUsageStore(openDatabase(join(folder, 'usage.sqlite')), {
      limits: LIMITS,
      ownVersion: '0.1.0',
      nowMs: Date.now,
    });
    cleanups.push(() => store.close());
    const app = createUsageApp({ store, mayCome: () => true, nowMs: Date.now, log: () => {} });
    const url = await listening(createServer(app));
    const answer = await fetch(url, {
      method: 'POST',
      body: backend.bodies[0]!,
      headers: { 'content-type': 'application/json' },
    });
    assert.equal(answer.status, 204);
  });

  test('reports again after the interval, and not because of a restart', async () => {
    const backend = await backendWith(204);
    const { reporter } = reporterWith(settingsFor(backend.url, { intervalMs: 5 }));
    await reporter.start();
    while (backend.bodies.length < 3) await once(backend.server, 'posted');
    await reporter.stop();

    const sent = backend.bodies.length;
    const { lastSentMs } = readInstallation(ledger)!;
    const again = reporterWith(settingsFor(backend.url), { nowMs: () => lastSentMs + 1000 }).reporter;
    await again.start();
    assert.equal(again.preview().nextAt, new Date(lastSentMs + DAY_MS).toISOString());
    assert.equal(backend.bodies.length, sent);

    // The clock has been set back since: one that waits for a moment years away would never report.
    const earlierMs = lastSentMs - 400 * DAY_MS;
    const reset = reporterWith(settingsFor(backend.url, { firstDelayMs: 60_000 }), {
      nowMs: () => earlierMs,
    });
    await reset.reporter.start();
    assert.equal(reset.reporter.preview().nextAt, new Date(earlierMs + 60_000).toISOString());
  });

  test('a backend that is dead, refuses or sends elsewhere costs that report and one log line', async () => {
    const closed = await backendWith(204);
    closed.server.close();
    await once(closed.server, 'close');
    const busy = await backendWith(429);
    const redirecting = await backendWith(302);
    for (const [url, detail] of [
      [closed.url, /ECONNREFUSED/],
      [busy.url, /answers 429/],
      [redirecting.url, /answers 302/],
    ] as const) {
      const { reporter, logged } = reporterWith(settingsFor(url, { intervalMs: 1 }));
      await reporter.start();
      let lost = 0;
      for (let at = ''; lost < 2; ) {
        await new Promise((resolve) => setImmediate(resolve));
        const { last } = reporter.preview();
        if (!last || last.at === at) continue;
        at = last.at;
        lost += 1;
        assert.equal(last.outcome, 'lost');
        assert.match(last.detail, detail);
      }
      assert.deepEqual(logged, ['A usage report was lost']);
      assert.equal(readInstallation(ledger)?.lastSentMs, 0);
      await reporter.stop();
    }
    assert.ok(redirecting.bodies.length >= 2, 'and it followed nowhere');
  });

  test('one who opts out sends nothing, and is forgotten', async () => {
    const { reporter: before } = reporterWith(
      settingsFor('http://127.0.0.1:1/reports', { firstDelayMs: DAY_MS }),
    );
    await before.start();
    const { id } = readInstallation(ledger)!;
    await before.stop();

    const { reporter } = reporterWith(OFF);
    await reporter.start();
    assert.equal(readInstallation(ledger), undefined);
    const preview = reporter.preview();
    assert.equal(preview.enabled, false);
    assert.equal(preview.why, 'USAGE_REPORT is false');
    assert.equal(preview.nextAt, null);
    assert.notEqual(preview.report.installationId, id);
    assert.ok(usageReport.safeParse(preview.report).success);
    assert.equal(readInstallation(ledger), undefined, 'a preview makes no installation');
  });
});
