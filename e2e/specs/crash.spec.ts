import type { Playground } from '../fixtures/playground.ts';
import { expect, test } from '../fixtures/test.ts';

interface SeedReport {
  payments: { requested: number; completed: number; failed: number };
}

/** Each dies while all that it talks to lives. Those of one row are started again before the next one dies. */
const DEATHS: Record<string, { payments: number; rows: readonly (readonly string[])[] }> = {
  'each ASE': { payments: 400, rows: [['cloud-nine'], ['happy-life']] },
  'each that carries their numbers': {
    payments: 200,
    rows: [['chain', 'collector', 'testnet-1', 'prometheus']],
  },
};

// A seed that waits for an ASE, and two starts. A number that was wrong once is wrong.
test.describe.configure({ timeout: 180_000, retries: 0 });

for (const [victims, { payments, rows }] of Object.entries(DEATHS)) {
  test(`kill -9 of ${victims} in the middle of seed: nothing is lost, nothing counted twice`, async ({
    playground,
  }) => {
    const pids = await playground.pids();
    const seeding = playground.verb<SeedReport>('seed', '--payments', String(payments), '--seed', '11');
    for (const row of rows) {
      for (const victim of row) {
        await paymentsAreBeingMade(playground);
        process.kill(pids.get(victim)!, 'SIGKILL');
      }
      const up = await playground.verb('up', '--no-traffic');
      expect(up.exitCode, up.stderr).toBe(0);
    }

    const seed = await seeding;
    expect(seed.exitCode, seed.stderr).toBe(0);
    expect(seed.report.payments).toEqual({ requested: payments, completed: payments, failed: 0 });
    const truth = await playground.verb('truth');
    expect(truth.exitCode, truth.stdout).toBe(0);
  });
}

async function paymentsAreBeingMade(playground: Playground): Promise<void> {
  const completed = () => playground.completedPayments('cloud-nine');
  const options = { timeout: 30_000, intervals: [50] };
  // 0 while it is away.
  await expect.poll(completed, options).toBeGreaterThan(0);
  await expect.poll(completed, options).toBeGreaterThan((await completed()) + 5);
}
