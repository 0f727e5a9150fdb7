import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { freePorts } from '../../scripts/lib/freePorts.ts';
import { payBothWays } from '../fixtures/payment.ts';
import { Playground } from '../fixtures/playground.ts';
import { ScratchCopy } from '../fixtures/scratchCopy.ts';

/**
 * A check that cannot fail proves nothing. Each mutant is a copy of the project with one plausible fault, and no other; it
 * is started, used, and asked for the truth, which must be no, and where it is broken. The copy without a fault must
 * answer yes.
 */
interface Mutant {
  fault: string;
  file: string;
  find: string;
  replacement: string;
  /** Quantities of which at least one must be told as unequal, and on which hop it shows. */
  shows: { quantity: RegExp; hop: 'sdk' | 'collector' | 'prometheus' | 'panel' };
  /** The hop that doctor must call the first broken one. */
  firstBroken: 'SDK' | 'dashboard server' | 'panel';
}

const PACKET_TELEMETRY = 'apps/ase/src/connector/steps/telemetry.ts';

/** What an ASE does is in its books for good: each of these starts with none. */
const MUTANT_ASES: readonly Mutant[] = [
  {
    fault: 'renames a metric',
    file: 'telemetry/names.ts',
    find: 'return spec.instrument ??',
    replacement: "if (name === 'payments_total') return 'payments_made';\n  return spec.instrument ??",
    shows: { quantity: /^payments_total$/, hop: 'prometheus' },
    firstBroken: 'SDK',
  },
  {
    fault: 'drops a label',
    file: PACKET_TELEMETRY,
    find: "{ type: 'prepare', status }, 1n)",
    replacement: "{ type: 'prepare' } as never, 1n)",
    shows: { quantity: /^ilp_packets_processed_total$/, hop: 'sdk' },
    firstBroken: 'SDK',
  },
  {
    fault: 'multiplies an amount by ten',
    file: 'apps/ase/src/payments/events.ts',
    find: "metrics.add('payment_amount_units_total', { direction, asset }, units)",
    replacement: "metrics.add('payment_amount_units_total', { direction, asset }, units * 10n)",
    shows: { quantity: /^payment_amount_units_total$/, hop: 'sdk' },
    firstBroken: 'SDK',
  },
  {
    fault: 'counts a rejected packet as fulfilled',
    file: PACKET_TELEMETRY,
    find: "const status = record.isUnfulfillable ? 'unfulfillable' : 'rejected';",
    replacement: "const status = 'fulfilled';",
    shows: { quantity: /^ilp_packets_processed_total$/, hop: 'prometheus' },
    firstBroken: 'SDK',
  },
];

/** Faults of what shows the numbers: the same numbers, shown anew. */
const MUTANT_BOARDS: readonly Mutant[] = [
  {
    fault: 'swaps two query functions',
    file: 'grafana/src/queries.ts',
    find: 'eachWindow((w) => completed(direction, w))',
    replacement: 'eachWindow((w) => valueMoved(direction, w))',
    shows: { quantity: /^payments_total$/, hop: 'panel' },
    firstBroken: 'panel',
  },
  {
    fault: 'asks another Prometheus than its own',
    file: 'scripts/lib/dashboardsComponent.ts',
    find: 'VIEWER_PORT: String(port),\n    PROMETHEUS_URL: loopbackUrl(settings.ports.PROMETHEUS_PORT)',
    replacement:
      'VIEWER_PORT: String(port),\n    PROMETHEUS_URL: loopbackUrl(settings.ports.PROMETHEUS_PORT + 1)',
    shows: { quantity: /^payments_total$/, hop: 'panel' },
    firstBroken: 'dashboard server',
  },
];

interface TruthReport {
  equal: boolean;
  rows: ({ quantity: string; ledger: string | null } & Record<Mutant['shows']['hop'], string | null>)[];
}

let copy: ScratchCopy;
let playground: Playground;

test.beforeAll(async () => {
  copy = new ScratchCopy();
  const home = path.join(copy.root, '.playground');
  playground = new Playground({ home, portOffset: (await freePorts()).portOffset, root: copy.root });
});

test.afterAll(async () => {
  await playground.verb('down', '--volumes');
  copy.delete();
});

test.describe('boards', () => {
  test.beforeAll(startAndPay);

  test('truth says equal, and doctor well, of an unspoilt copy', async () => {
    const { exitCode, report, diagnosis } = await look('--panels');
    expect({ exitCode, equal: report.equal }).toEqual({ exitCode: 0, equal: true });
    expect(diagnosis).toMatchObject({ ok: true, why: null });
  });

  for (const mutant of MUTANT_BOARDS) {
    test(`truth is red, and doctor says where, for a copy that ${mutant.fault}`, async () => {
      await withFault(mutant, async () => {
        await playground.kill('dashboards');
        await start();
        expectRed(mutant, await look('--panels'));
      });
    });
  }
});

test.describe('ASEs', () => {
  for (const mutant of MUTANT_ASES) {
    test(`truth is red, and doctor says where, for a copy that ${mutant.fault}`, async () => {
      await playground.verb('down', '--volumes');
      await withFault(mutant, async () => {
        await startAndPay();
        expectRed(mutant, await look());
      });
    });
  }
});

async function withFault({ file, find, replacement }: Mutant, work: () => Promise<void>): Promise<void> {
  const undo = copy.mutate(file, find, replacement);
  try {
    // Generated boards follow their source, so that it is not only the drift test that sees a change.
    generate();
    await work();
  } finally {
    undo();
    generate();
  }
}

function generate(): void {
  execFileSync(process.execPath, ['scripts/dashboards.ts'], { cwd: copy.root, stdio: 'pipe' });
}

/** Whether `up` is content is not asked: what it starts is spoilt. */
async function start(): Promise<void> {
  await playground.verb('up', '--core', '--no-traffic');
}

/** Not by seed, which would wait for numbers that may never come. */
async function startAndPay(): Promise<void> {
  await start();
  await payBothWays(playground);
}

async function look(...words: string[]) {
  const [truth, doctor] = await Promise.all([
    playground.verb<TruthReport>('truth', ...words),
    playground.verb<{ ok: boolean; firstBroken: string | null; why: string | null }>('doctor'),
  ]);
  return { ...truth, diagnosis: doctor.report };
}

function expectRed(
  { shows, firstBroken }: Mutant,
  { exitCode, report, diagnosis }: Awaited<ReturnType<typeof look>>,
): void {
  expect(exitCode).toBe(1);
  expect(report.equal).toBe(false);
  const unequal = report.rows.filter(
    (row) => shows.quantity.test(row.quantity) && row[shows.hop] !== row.ledger,
  );
  expect(unequal).not.toEqual([]);
  expect(diagnosis).toMatchObject({ ok: false, firstBroken });
}
