import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts } from '../../scripts/lib/freePorts.ts';
import { Playground } from '../fixtures/playground.ts';
import { expect, test } from '../fixtures/test.ts';
import { BoardPage } from '../pages/boardPage.ts';

/** A playground of its own, with a past of nine days. */
let own: Playground;

interface Truth {
  equal: boolean;
  rows: { quantity: string; ase: string; labels: Record<string, string>; ledger: string }[];
}

test.use({ viewport: { width: 1440, height: 1300 } });
test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  const { portOffset } = await freePorts();
  own = new Playground({ home: mkdtempSync(path.join(tmpdir(), 'playground-history-')), portOffset });
  const up = await own.verb('up', '--history', '9d', '--core');
  expect(up.exitCode, up.stderr).toBe(0);
});

test.afterAll(async () => {
  await own.verb('down', '--volumes');
  rmSync(own.home, { recursive: true, force: true });
});

test('every window of the boards is full, and its numbers are the ledgers’', async ({ page }) => {
  test.setTimeout(240_000);
  const { exitCode, stderr, report } = await own.verb<Truth>('truth', '--panels');
  expect(exitCode, stderr).toBe(0);
  const sent = (window: string) =>
    Number(
      report.rows.find(
        ({ quantity, ase, labels }) =>
          quantity === 'payments_total' &&
          ase === 'cloud-nine' &&
          labels.window === window &&
          labels.direction === 'outgoing',
      )?.ledger,
    );
  expect(sent('1d')).toBeGreaterThan(sent('1h'));
  expect(sent('1w')).toBeGreaterThan(3 * sent('1d'));
  expect(sent('30d')).toBeGreaterThan(sent('1w'));

  const board = new BoardPage(page);
  await page.goto(`${own.dashboardsUrl}/d/payments?from=now-7d&to=now`);
  await expect(board.content('Payments a minute').locator('canvas').first()).toBeVisible();
});

test('it stays so through the death of Prometheus and a second start', async () => {
  test.setTimeout(240_000);
  await own.kill('prometheus');
  const again = await own.verb('up', '--history', '9d', '--core');
  expect(again.exitCode, again.stderr).toBe(0);
  expect(again.stderr).toContain('a past of 9 days already');
  const { exitCode, stderr, report } = await own.verb<Truth>('truth', '--panels');
  expect(exitCode, stderr).toBe(0);
  expect(report.equal).toBe(true);
});

test('a past cannot be put under data that is there', async () => {
  const running = await own.verb('backfill');
  expect(running.exitCode).toBe(1);
  expect(running.stderr).toContain('down --volumes');
  await own.verb('down');
  const stopped = await own.verb('backfill');
  expect(stopped.exitCode).toBe(1);
  expect(stopped.stderr).toContain('has data already');
});
