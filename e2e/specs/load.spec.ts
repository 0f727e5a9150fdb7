import { expect, test } from '../fixtures/test.ts';

interface Load {
  run: string;
  payments: { completed: number; failed: number };
  equal: boolean;
  crossed: string[];
  rows: { quantity: string; ledger: string; sdk: string }[];
}
interface Truth {
  equal: boolean;
  rows: { quantity: string; equal: boolean; ledger: string; sdk: string; prometheus: string }[];
}

// A number that was wrong once is wrong.
test.describe.configure({ timeout: 240_000, retries: 0 });

test('a load is seen on its board, and what k6 counted is what the ledgers say', async ({
  board,
  playground,
}) => {
  // First the board: a slow browser must not come when the load is over.
  await board.open('load-test', { from: 'now-5m', to: 'now', refresh: '1s' });
  await expect(board.content('Users now')).toBeVisible();
  const load = playground.verb<Load>('load', 'smoke');
  await expect(board.content('Users now')).toHaveText('2', { timeout: 60_000 });
  const { exitCode, report, stderr } = await load;
  expect(exitCode, stderr).toBe(0);
  expect(report).toMatchObject({ equal: true, crossed: [], payments: { failed: 0 } });
  expect(report.payments.completed).toBeGreaterThan(0);
  await expect(board.content('Failed requests')).toHaveText('0');
  await expect.poll(async () => Number(await board.content('Requests').textContent())).toBeGreaterThan(0);

  const truth = await playground.verb<Truth>('truth');
  expect(truth.exitCode, truth.stderr).toBe(0);
  const rows = truth.report.rows.filter(({ quantity }) => quantity.startsWith('k6_load_'));
  expect(rows).toHaveLength(report.rows.length);
  const paid = rows.filter(({ quantity }) => quantity === 'k6_load_payments_total');
  const ended = paid.reduce((sum, { ledger }) => sum + Number(ledger), 0);
  // Each payment is one at its sender and one at its receiver.
  expect(ended).toBe(2 * report.payments.completed);
});

test('a connector fulfills packets that k6 makes by itself, and both counted the same', async ({
  playground,
}) => {
  const { exitCode, report, stderr } = await playground.verb<Load>('load', 'packets');
  expect(exitCode, stderr).toBe(0);
  expect(report.equal).toBe(true);
  expect(Number(report.rows[0]?.ledger)).toBeGreaterThan(0);
});

test('a scenario that is none is wrong usage', async ({ playground }) => {
  const { exitCode, stderr } = await playground.verb('load', 'flood');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('smoke, ramp, spike, soak, packets');
});
