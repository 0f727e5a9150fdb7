import { expect, test } from '../fixtures/test.ts';

interface SeedReport {
  payments: { requested: number; completed: number; failed: number };
}

for (const victim of ['cloud-nine', 'happy-life', 'chain', 'collector', 'testnet-1', 'prometheus']) {
  test(`kill -9 of ${victim} in the middle of seed: nothing is lost, nothing counted twice`, async ({
    playground,
  }) => {
    const seeding = playground.verb<SeedReport>('seed', '--payments', '200', '--seed', '11');
    await expect.poll(() => playground.completedPayments('cloud-nine')).toBeGreaterThan(0);
    const before = await playground.completedPayments('cloud-nine');
    await expect.poll(() => playground.completedPayments('cloud-nine')).toBeGreaterThan(before + 5);
    await playground.kill(victim);
    const up = await playground.verb('up', '--no-traffic');
    expect(up.exitCode, up.stderr).toBe(0);

    const seed = await seeding;
    expect(seed.exitCode, seed.stderr).toBe(0);
    expect(seed.report.payments).toEqual({ requested: 200, completed: 200, failed: 0 });
    const truth = await playground.verb('truth');
    expect(truth.exitCode, truth.stdout).toBe(0);
  });
}
