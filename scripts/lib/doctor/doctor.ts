import { findComposeRun } from '../compose/running.ts';
import { composeStatus } from '../compose/status.ts';
import type { Playground } from '../playground.ts';
import type { Settings } from '../settings.ts';
import { readSdk } from '../truth/readHops.ts';
import { lookAtAlerts } from './alertsHop.ts';
import { lookAtCollector } from './collectorHop.ts';
import { compareWithLedgers } from './compareHop.ts';
import { lookAtDashboards } from './dashboardsHop.ts';
import { type Diagnosis, diagnose, type Finding, RESTART } from './finding.ts';
import { lookAtLedgers } from './ledgerHop.ts';
import { lookAtNetwork } from './networkHop.ts';
import { lookAtPanel } from './panelHop.ts';
import type { Patient } from './patient.ts';
import { lookAtProcess } from './processTrouble.ts';
import { lookAtPrometheus } from './prometheusHop.ts';
import { lookAtSettlement } from './settlementHop.ts';
import { lookAtTraces } from './tracesHop.ts';
import { lookAtUsage } from './usageHop.ts';

type NamedFinding = Finding & { name: string };

interface Hop {
  name: string;
  look: (patient: Patient) => Promise<Finding>;
}

/** The way of a number from the books to the eye: first what the ASEs themselves are asked, one question at a time. */
const AT_THE_ASES: readonly Hop[] = [
  { name: 'ledger', look: lookAtLedgers },
  { name: 'settlement', look: lookAtSettlement },
  { name: 'SDK', look: lookAtSdk },
];
/** Behind the ASEs a look is mostly watching what moves: at all of these at once. */
const BEHIND_THE_ASES: readonly Hop[] = [
  { name: 'collector', look: lookAtCollector },
  { name: 'network', look: lookAtNetwork },
  { name: 'usage report', look: lookAtUsage },
  { name: 'traces', look: lookAtTraces },
  { name: 'Prometheus', look: lookAtPrometheus },
  { name: 'alerts', look: lookAtAlerts },
  { name: 'dashboard server', look: lookAtDashboards },
];
/** Last, as it starts a browser. It cannot be better than what it shows, nor than the server that serves it. */
const PANEL = {
  name: 'panel',
  look: lookAtPanel,
  needs: ['ledger', 'SDK', 'Prometheus', 'dashboard server'],
};

/** Looks at every hop of a running playground, payments or not. */
export async function examine(
  playground: Playground,
  context: { say: (line: string) => void; signal: AbortSignal },
): Promise<Diagnosis> {
  const { run } = playground;
  const lookAtComponent = run
    ? (name: string) =>
        lookAtProcess(
          run.components.find((component) => component.name === name),
          name,
        )
    : await containerLook(playground.settings);
  const patient: Patient = { playground, lookAtComponent, ...context };
  const findings: NamedFinding[] = [];
  const lookAt = async ({ name, look }: Hop) => ({ name, ...(await look(patient)) });
  for (const hop of AT_THE_ASES) {
    context.say(`looking at the ${hop.name}`);
    findings.push(await lookAt(hop));
  }
  context.say(`looking at ${BEHIND_THE_ASES.map(({ name }) => name).join(', ')}`);
  findings.push(...(await Promise.all(BEHIND_THE_ASES.map(lookAt))));
  const broken = findings.find(({ name, trouble }) => trouble && PANEL.needs.includes(name));
  if (!broken) context.say('looking at a panel');
  const panel = broken ? notLookedAt(broken.name) : await PANEL.look(patient);
  return diagnose([...findings, { name: PANEL.name, ...panel }]);
}

function notLookedAt(because: string): Finding {
  return { evidence: [], trouble: { why: `not looked at: first mend the ${because}`, fix: RESTART } };
}

/** When nothing runs there is one answer for all hops. */
export function nothingRuns(): Diagnosis {
  const trouble = { why: 'nothing runs', fix: './playground up' };
  return diagnose(
    [...AT_THE_ASES, ...BEHIND_THE_ASES, PANEL].map(({ name }) => ({ name, evidence: [], trouble })),
  );
}

function lookAtSdk(patient: Patient): Promise<Finding> {
  return compareWithLedgers(patient, {
    name: 'the SDKs',
    fix: `git diff apps/ase telemetry shows what was changed; ${RESTART}`,
    arrivesWithinMs: 1000,
    read: () => readSdk(patient.playground.ases),
  });
}

/** Containers, as the engine saw them a moment ago. */
async function containerLook(settings: Settings): Promise<Patient['lookAtComponent']> {
  const run = await findComposeRun(settings);
  const components = run ? (await composeStatus(run)).components : [];
  return async (name) => {
    const component = components.find((one) => one.name === name);
    if (component?.healthy) return { evidence: [`${name} is healthy (in a container)`] };
    const why = `the container of ${name}: ${component?.why ?? 'there is none'}`;
    return { evidence: [], trouble: { why, fix: './playground up' } };
  };
}
