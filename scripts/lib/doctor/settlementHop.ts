import { createAdmin } from '../admin.ts';
import { messageOf } from '../errors.ts';
import { plural } from '../text.ts';
import { pause } from '../truth/quiet.ts';
import { chainTruth } from '../truth/readChain.ts';
import { type Finding, RESTART, together } from './finding.ts';
import type { Patient } from './patient.ts';

/** A transaction of any kind is booked by then; what is different for longer does not become equal. */
const BOOKED_WITHIN_MS = 10_000;
const POLL_MS = 250;

/** The chains make blocks, and the books agree with them, settlements under way or not. */
export async function lookAtSettlement(patient: Patient): Promise<Finding> {
  const process = await patient.lookAtComponent('chain');
  if (process.trouble) return process;
  return together([process, await lookAtBooks(patient)]);
}

async function lookAtBooks({ playground, signal }: Patient): Promise<Finding> {
  const admins = playground.ases.map(({ url }) => createAdmin(url, playground.adminToken));
  const deadline = Date.now() + BOOKED_WITHIN_MS;
  for (;;) {
    try {
      const reports = await Promise.all(admins.map((admin) => admin.settlement()));
      const { rows, problems, notes } = await chainTruth(playground, admins);
      const held = reports.flatMap((report) => (report.enabled ? report.problems : []));
      const unequal = rows.filter(({ equal }) => !equal);
      if (problems.length + held.length + unequal.length === 0) {
        const channels = reports.reduce(
          (sum, one) => sum + (one.enabled ? openChannels(one.channels) : 0),
          0,
        );
        const evidence = [`${plural(rows.length, 'sum')} on the chains are those of the books`, ...notes];
        return {
          evidence: [...evidence, `${plural(channels, 'payment channel')} open, seen from both ends`],
        };
      }
      if (Date.now() > deadline) {
        const [first] = unequal;
        const why =
          problems[0] ??
          (held[0] ? `settlement is held up (${held[0].about}): ${held[0].problem}` : undefined) ??
          `the ${first!.labels.method} chain says ${first!.chain} where the books of ${first!.ase} say ${first!.ledger}`;
        return { evidence: [], trouble: { why, fix: `./playground logs --component chain; ${RESTART}` } };
      }
    } catch (error) {
      return {
        evidence: [],
        trouble: { why: `settlement was not looked at: ${messageOf(error)}`, fix: './playground up' },
      };
    }
    await pause(POLL_MS, signal);
  }
}

const openChannels = (channels: ReadonlyArray<{ state: string }>): number =>
  channels.filter(({ state }) => state === 'open').length;
