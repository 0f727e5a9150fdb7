import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts } from '../../scripts/lib/freePorts.ts';
import { Playground } from '../fixtures/playground.ts';
import { expect, test } from '../fixtures/test.ts';

interface Diagnosis {
  ok: boolean;
  hops: { name: string; ok: boolean; evidence: string }[];
  firstBroken: string | null;
  why: string | null;
  fix: string | null;
}

const HOPS = [
  'ledger',
  'settlement',
  'SDK',
  'collector',
  'network',
  'usage report',
  'traces',
  'Prometheus',
  'alerts',
  'dashboard server',
  'panel',
];

/** What breaks each hop for real, and what its doctor must say. */
const TROUBLES: readonly { component: string; signal: NodeJS.Signals; firstBroken: string; why: RegExp }[] = [
  { component: 'cloud-nine', signal: 'SIGKILL', firstBroken: 'ledger', why: /cloud-nine/ },
  { component: 'happy-life', signal: 'SIGSTOP', firstBroken: 'ledger', why: /happy-life/ },
  { component: 'chain', signal: 'SIGKILL', firstBroken: 'settlement', why: /chain/ },
  { component: 'collector', signal: 'SIGKILL', firstBroken: 'collector', why: /collector/ },
  { component: 'collector', signal: 'SIGSTOP', firstBroken: 'collector', why: /collector/ },
  { component: 'testnet-1', signal: 'SIGKILL', firstBroken: 'network', why: /testnet-1/ },
  { component: 'testnet-balancer', signal: 'SIGSTOP', firstBroken: 'network', why: /testnet-balancer/ },
  { component: 'usage', signal: 'SIGKILL', firstBroken: 'usage report', why: /usage/ },
  { component: 'jaeger', signal: 'SIGSTOP', firstBroken: 'traces', why: /jaeger/ },
  { component: 'prometheus', signal: 'SIGKILL', firstBroken: 'Prometheus', why: /prometheus/i },
  { component: 'alertmanager', signal: 'SIGKILL', firstBroken: 'alerts', why: /alertmanager/ },
  { component: 'alert-sink', signal: 'SIGSTOP', firstBroken: 'alerts', why: /alert-sink/ },
  { component: 'dashboards', signal: 'SIGKILL', firstBroken: 'dashboard server', why: /dashboards/ },
];

// A look at a hop that does not answer takes its time-out.
test.describe.configure({ timeout: 150_000 });

test('doctor finds every hop of a sound playground in order, with evidence', async ({ playground }) => {
  const { exitCode, report } = await playground.verb<Diagnosis>('doctor');
  expect(report).toMatchObject({ ok: true, firstBroken: null, why: null, fix: null });
  expect(exitCode).toBe(0);
  expect(report.hops.map(({ name }) => name)).toEqual(HOPS);
  for (const hop of report.hops) expect(hop.evidence, hop.name).not.toBe('');
});

for (const { component, signal, firstBroken, why } of TROUBLES) {
  test(`doctor names the hop when ${component} gets ${signal}, and its fix mends it`, async ({
    playground,
  }) => {
    const pid = await playground.kill(component, signal);
    const sick = await playground.verb<Diagnosis>('doctor');
    expect(sick.exitCode).toBe(1);
    expect(sick.report).toMatchObject({ ok: false, firstBroken });
    expect(sick.report.why).toMatch(why);
    if (signal === 'SIGSTOP') {
      expect(sick.report.fix).toBe(`kill -CONT ${pid}`);
      process.kill(pid, 'SIGCONT');
    } else {
      expect(sick.report.fix).toBe('./playground up');
      const up = await playground.verb('up', '--no-traffic');
      expect(up.exitCode, up.stderr).toBe(0);
    }
    const isWell = async () => (await playground.verb<Diagnosis>('doctor')).report.ok;
    await expect.poll(isWell, { timeout: 60_000 }).toBe(true);
  });
}

test('doctor says so when nothing runs', async () => {
  const home = await mkdtemp(path.join(tmpdir(), 'playground-nothing-'));
  try {
    const { exitCode, report } = await new Playground({
      home,
      portOffset: (await freePorts()).portOffset,
    }).verb<Diagnosis>('doctor');
    expect(exitCode).toBe(1);
    expect(report).toMatchObject({ ok: false, firstBroken: 'ledger', fix: './playground up' });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
