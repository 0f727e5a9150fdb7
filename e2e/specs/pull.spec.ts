import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { freePorts } from '../../scripts/lib/freePorts.ts';
import { Playground } from '../fixtures/playground.ts';

interface TruthReport {
  equal: boolean;
  pull: boolean;
  rows: { quantity: string; sdk: string | null; collector: string | null; prometheus: string | null }[];
}

/** Another way for the same numbers: boards, truth and doctor must not notice but for what they say about the way. */
test('with up --pull Prometheus fetches from the ASEs, and every number is still the ledger’s', async () => {
  test.setTimeout(240_000);
  const home = mkdtempSync(path.join(tmpdir(), 'playground-pull-'));
  const { portOffset } = await freePorts();
  const playground = new Playground({ home, portOffset });
  try {
    const up = await playground.verb('up', '--core', '--pull', '--no-traffic');
    expect(up.exitCode, up.stderr).toBe(0);
    const seed = await playground.verb('seed', '--payments', '12', '--seed', '5');
    expect(seed.exitCode, seed.stderr).toBe(0);

    const { report } = await playground.verb<TruthReport>('truth', '--panels');
    expect(report).toMatchObject({ equal: true, pull: true });
    const payments = report.rows.filter(({ quantity, sdk }) => quantity === 'payments_total' && sdk !== null);
    expect(payments.length).toBeGreaterThan(0);
    // Nothing of it has passed the collector.
    expect(payments.filter(({ collector }) => collector !== null)).toEqual([]);

    const doctor = await playground.verb<{ ok: boolean; hops: { name: string; evidence: string }[] }>(
      'doctor',
    );
    expect(doctor.report.ok, doctor.stdout).toBe(true);
    expect(doctor.stdout).toContain('it fetches from every ASE');

    // A killed ASE comes back with all that it had counted, whatever Prometheus missed in between.
    await playground.kill('cloud-nine');
    const broken = await playground.verb<{ ok: boolean }>('doctor');
    expect(broken.report.ok).toBe(false);
    expect((await playground.verb('up', '--pull')).exitCode).toBe(0);
    expect((await playground.verb<TruthReport>('truth')).report).toMatchObject({ equal: true, pull: true });
  } finally {
    await playground.verb('down', '--volumes');
    rmSync(home, { recursive: true, force: true });
  }
});
