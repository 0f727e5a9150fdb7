import { type AlertsReport, HEARTBEAT_LATE_SECONDS, readAlerts } from '../alerting/read.ts';
import { messageOf } from '../errors.ts';
import { plural } from '../text.ts';
import { WaitedTooLong, waitFor } from '../wait.ts';
import { type Finding, RESTART, together } from './finding.ts';
import type { Patient } from './patient.ts';

/** After a start the first one takes an evaluation of the rules, and at most a round of Alertmanager. */
const FIRST_HEARTBEAT_MS = 25_000;

/** Alertmanager and the sink live, and the alert that always fires has just arrived. What else fires is only told. */
export async function lookAtAlerts({ playground, lookAtComponent, say, signal }: Patient): Promise<Finding> {
  if (playground.alerting === null) return { evidence: ['alerts are not delivered (up --core)'] };
  const processes = await Promise.all(['alertmanager', 'alert-sink'].map(lookAtComponent));
  if (processes.some(({ trouble }) => trouble)) return together(processes);
  try {
    const { firing, heartbeat } = await readWhenHeard(playground, { say, signal });
    const names = [...new Set(firing.map(({ name }) => name))];
    const fires =
      names.length === 0 ? 'nothing fires' : `${plural(names.length, 'alert')} firing: ${names.join(', ')}`;
    if (heartbeat?.ok) {
      const evidence = `${fires}; the dead man's switch was heard ${heartbeat.ageSeconds} s ago`;
      return together([...processes, { evidence: [evidence] }]);
    }
    const why =
      heartbeat?.ageSeconds === null
        ? "the dead man's switch has not been heard since the sink's start"
        : `the dead man's switch was heard ${heartbeat?.ageSeconds} s ago, more than ${HEARTBEAT_LATE_SECONDS}`;
    const fix = `./playground logs --component alertmanager,prometheus shows why; ${RESTART}`;
    return together([...processes, { evidence: [fires], trouble: { why, fix } }]);
  } catch (error) {
    return together([...processes, { evidence: [], trouble: { why: messageOf(error), fix: RESTART } }]);
  }
}

/** A sink that has just started has not heard anything yet, which is no fault. */
async function readWhenHeard(
  playground: Patient['playground'],
  context: Pick<Patient, 'say' | 'signal'>,
): Promise<AlertsReport> {
  let report: AlertsReport | undefined;
  const look = async () => {
    report = await readAlerts(playground);
    return report.heartbeat?.ageSeconds === null ? "the dead man's switch" : undefined;
  };
  await waitFor(look, { timeoutMs: FIRST_HEARTBEAT_MS, pollMs: 250, ...context }).catch((error) => {
    if (!(error instanceof WaitedTooLong)) throw error;
  });
  return report ?? readAlerts(playground);
}
