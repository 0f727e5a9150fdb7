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

/** What breaks a hop for real, and what its doctor must say; in the order of the hops. */
interface Trouble {
  component: string;
  firstBroken: string;
  why: RegExp;
}
const FREEZES: readonly Trouble[] = [
  { component: 'happy-life', firstBroken: 'ledger', why: /happy-life/ },
  { component: 'collector', firstBroken: 'collector', why: /collector/ },
  { component: 'testnet-balancer', firstBroken: 'network', why: /testnet-balancer/ },
  { component: 'jaeger', firstBroken: 'traces', why: /jaeger/ },
  { component: 'alert-sink', firstBroken: 'alerts', why: /alert-sink/ },
];
const DEATHS: readonly Trouble[] = [
  { component: 'cloud-nine', firstBroken: 'ledger', why: /cloud-nine/ },
  { component: 'chain', firstBroken: 'settlement', why: /chain/ },
  { component: 'collector', firstBroken: 'collector', why: /collector/ },
  { component: 'testnet-1', firstBroken: 'network', why: /testnet-1/ },
  { component: 'usage', firstBroken: 'usage report', why: /usage/ },
  { component: 'prometheus', firstBroken: 'Prometheus', why: /prometheus/i },
  { component: 'alertmanager', firstBroken: 'alerts', why: /alertmanager/ },
  { component: 'dashboards', firstBroken: 'dashboard server', why: /dashboards/ },
];

// A look at a hop that does not answer takes its time-out.
test.describe.configure({ timeout: 480_000 });

test('doctor finds every hop of a sound playground in order, with evidence', async ({ playground }) => {
  const { exitCode, report } = await playground.verb<Diagnosis>('doctor');
  expect(report).toMatchObject({ ok: true, firstBroken: null, why: null, fix: null });
  expect(exitCode).toBe(0);
  expect(report.hops.map(({ name }) => name)).toEqual(HOPS);
  for (const hop of report.hops) expect(hop.evidence, hop.name).not.toBe('');
});

test('each hop that is dead is the first broken one, whatever is broken behind it; up mends them all', async ({
  playground,
}) => {
  const pids = await playground.pids();
  // From the end of the way to its start: every time the hops before it are well, and those behind it are not.
  for (const { component, firstBroken, why } of DEATHS.toReversed()) {
    await test.step(component, async () => {
      process.kill(pids.get(component)!, 'SIGKILL');
      const { exitCode, report } = await playground.verb<Diagnosis>('doctor');
      expect(exitCode).toBe(1);
      expect(report).toMatchObject({ ok: false, firstBroken, fix: './playground up' });
      expect(report.why).toMatch(why);
      expect(wellBefore(report)).toEqual(HOPS.slice(0, HOPS.indexOf(firstBroken)));
    });
  }
  const up = await playground.verb('up', '--no-traffic');
  expect(up.exitCode, up.stderr).toBe(0);
  await expectWell(playground);
});

test('frozen hops: each is named in its turn, its fix mends it, and the next one is the first', async ({
  playground,
}) => {
  const all = await playground.pids();
  const pids = new Map(FREEZES.map(({ component }) => [component, all.get(component)!]));
  for (const pid of pids.values()) process.kill(pid, 'SIGSTOP');
  try {
    for (const { component, firstBroken, why } of FREEZES) {
      await test.step(component, async () => {
        const pid = pids.get(component)!;
        // What was just woken first catches up.
        const diagnosis = async () => (await playground.verb<Diagnosis>('doctor')).report;
        await expect.poll(diagnosis, { timeout: 150_000 }).toMatchObject({
          ok: false,
          firstBroken,
          fix: `kill -CONT ${pid}`,
          why: expect.stringMatching(why),
        });
        process.kill(pid, 'SIGCONT');
      });
    }
  } finally {
    for (const pid of pids.values()) process.kill(pid, 'SIGCONT');
  }
  await expectWell(playground);
});

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

function wellBefore({ hops, firstBroken }: Diagnosis): string[] {
  const before = hops.slice(
    0,
    hops.findIndex(({ name }) => name === firstBroken),
  );
  return before.filter(({ ok }) => ok).map(({ name }) => name);
}

/** Queues empty, and what was killed is heard again, in a moment. */
async function expectWell(playground: Playground): Promise<void> {
  const look = async () => (await playground.verb<Diagnosis>('doctor')).report;
  await expect.poll(look, { timeout: 150_000 }).toMatchObject({ ok: true, firstBroken: null, why: null });
}
