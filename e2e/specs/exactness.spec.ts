import { expect, test } from '../fixtures/test.ts';

interface SeedReport {
  seed: number;
  payments: { requested: number; completed: number; failed: number };
  sent: { ase: string; asset: string; scale: number; amount: string }[];
  received: SeedReport['sent'];
}
interface TruthReport {
  equal: boolean;
  checked: number;
  rows: (Record<
    'quantity' | 'ase' | 'ledger' | 'sdk' | 'collector' | 'prometheus' | 'panel',
    string | null
  > & { bound?: string | null })[];
}

// A number that was wrong once is wrong.
test.describe.configure({ timeout: 240_000, retries: 0 });

test('what seed sent and received is what the Payments board shows, to the unit', async ({
  board,
  playground,
}) => {
  const before = await allTimeValues();
  const seed = await playground.verb<SeedReport>('seed', '--payments', '24', '--seed', '7');
  expect(seed.exitCode, seed.stderr).toBe(0);
  expect(seed.report.payments).toEqual({ requested: 24, completed: 24, failed: 0 });
  const after = await allTimeValues();

  const moved = Object.fromEntries(
    Object.keys(after).map((panel) => [panel, String(BigInt(after[panel]!) - BigInt(before[panel]!))]),
  );
  const told = (side: 'sent' | 'received') =>
    seed.report[side].map(({ ase, amount }) => [`${ase} · ${side}`, amount]);
  expect(moved).toEqual(Object.fromEntries([...told('sent'), ...told('received')]));

  async function allTimeValues(): Promise<Record<string, string>> {
    // It is opened anew each time; a refresh before all is drawn would only hold up a slow machine.
    await board.open('payments', { refresh: '5m' });
    const titles = ['cloud-nine', 'happy-life'].flatMap((ase) => [`${ase} · sent`, `${ase} · received`]);
    const values: Record<string, string> = {};
    for (const title of titles) {
      const allTime = async () => (await board.table(title)).find(({ Window }) => Window === 'All time');
      await expect.poll(allTime).toBeDefined();
      values[title] = (await allTime())!['Value (units)']!;
    }
    return values;
  }
});

test('the same seed gives the same payments', async ({ playground }) => {
  const [one, two] = [
    await playground.verb<SeedReport>('seed', '--payments', '10', '--seed', '42'),
    await playground.verb<SeedReport>('seed', '--payments', '10', '--seed', '42'),
  ];
  expect(one.report.sent).toEqual(two.report.sent);
  expect(one.report.received).toEqual(two.report.received);
});

test('every number on every board equals the ledger, cell by cell', async ({ playground }) => {
  const truth = await playground.verb<TruthReport>('truth', '--panels');
  expect(truth.exitCode, truth.stdout).toBe(0);
  expect(truth.report.equal).toBe(true);
  expect(truth.report.checked).toBe(truth.report.rows.length);
  const onPanels = truth.report.rows.filter(({ panel }) => panel !== null);
  expect(onPanels.length).toBeGreaterThan(50);
  for (const row of truth.report.rows.filter(({ sdk }) => sdk !== null)) {
    const { ledger, sdk, collector, prometheus, bound } = row;
    // What a privacy mechanism made of a number is the same on every hop, and near the ledger's.
    const shared = bound === undefined ? ledger : sdk;
    expect([sdk, collector, prometheus], JSON.stringify(row)).toEqual([shared, shared, shared]);
    if (typeof bound === 'string') {
      const error = BigInt(sdk!) - BigInt(ledger!);
      expect(error < 0n ? -error : error, JSON.stringify(row)).toBeLessThanOrEqual(BigInt(bound));
    }
  }
});
