import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { freePorts } from '../../scripts/lib/freePorts.ts';
import { payBothWays } from '../fixtures/payment.ts';
import { Playground } from '../fixtures/playground.ts';
import { ScratchCopy } from '../fixtures/scratchCopy.ts';

/**
 * A check that cannot fail proves nothing. Each mutant is a copy of the project with one plausible fault; it is
 * started, used, and asked for the truth, which must be no, and where it is broken. The copy without a fault must answer yes.
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

const MUTANTS: readonly Mutant[] = [
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
    shows: { quantity: /^payment_amount_units_total$/, hop: 'panel' },
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

test('truth says equal, and doctor well, of an unspoilt copy', async () => {
  const { exitCode, report, diagnosis } = await truthOf(() => {});
  expect({ exitCode, equal: report.equal }).toEqual({ exitCode: 0, equal: true });
  expect(diagnosis).toMatchObject({ ok: true });
});

for (const { fault, file, find, replacement, shows, firstBroken } of MUTANTS) {
  test(`truth is red, and doctor says where, for a copy that ${fault}`, async () => {
    const { exitCode, report, diagnosis } = await truthOf((copy) => copy.mutate(file, find, replacement));
    expect(exitCode).toBe(1);
    expect(report.equal).toBe(false);
    const unequal = report.rows.filter(
      (row) => shows.quantity.test(row.quantity) && row[shows.hop] !== row.ledger,
    );
    expect(unequal).not.toEqual([]);
    expect(diagnosis).toMatchObject({ ok: false, firstBroken });
  });
}

async function truthOf(spoil: (copy: ScratchCopy) => void) {
  const copy = new ScratchCopy();
  const home = path.join(copy.root, '.playground');
  const { portOffset } = await freePorts();
  const playground = new Playground({ home, portOffset, root: copy.root });
  try {
    spoil(copy);
    // Generated boards follow their source, so that it is not only the drift test that sees a change.
    execFileSync(process.execPath, ['scripts/dashboards.ts'], { cwd: copy.root, stdio: 'pipe' });
    await playground.verb('up', '--core', '--no-traffic');
    // Not by seed, which would wait for numbers that may never come.
    await payBothWays(playground);
    const [truth, doctor] = await Promise.all([
      playground.verb<TruthReport>('truth', '--panels'),
      playground.verb<{ ok: boolean; firstBroken: string | null }>('doctor'),
    ]);
    return { ...truth, diagnosis: doctor.report };
  } finally {
    await playground.verb('down', '--volumes');
    copy.delete();
  }
}
