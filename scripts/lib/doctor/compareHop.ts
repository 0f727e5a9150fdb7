import { pause } from '../truth/quiet.ts';
import type { HopReadings } from '../truth/readHops.ts';
import type { Finding } from './finding.ts';
import { isRight, judge, type Verdict, verdictWords } from './judge.ts';
import { readLedgers } from './ledgerHop.ts';
import type { Patient } from './patient.ts';

const POLL_MS = 250;
/** One answer that came late, or not at all, is no verdict. */
const LEAST_LOOKS = 2;

/**
 * Compares a hop with the ledgers while payments go on. What has happened before the look must arrive within
 * `arrivesWithinMs`.
 */
export async function compareWithLedgers(
  patient: Patient,
  hop: { name: string; fix: string; arrivesWithinMs: number; read: () => Promise<HopReadings> },
): Promise<Finding> {
  const before = await readLedgers(patient);
  if (!before)
    return {
      evidence: [],
      trouble: { why: 'not compared: not every ledger answers', fix: './playground up' },
    };
  const deadline = Date.now() + hop.arrivesWithinMs;
  for (let looks = 1; ; looks++) {
    const { readings, problems } = await hop.read();
    const after = (await readLedgers(patient)) ?? before;
    const verdict = judge(before, readings, after);
    if (problems.length === 0 && isRight(verdict)) {
      return { evidence: [`${verdict.right} numbers of ${hop.name} are those of the ledgers`] };
    }
    const isLate = Date.now() > deadline && looks >= LEAST_LOOKS;
    if (isLate || isHopeless(verdict)) {
      const words = problems[0] ?? `${hop.name}: ${verdictWords(verdict)}`;
      return {
        evidence: [`${verdict.right} of ${before.length} numbers right`],
        trouble: { why: words, fix: hop.fix },
      };
    }
    await pause(POLL_MS, patient.signal);
  }
}

/** A number that is ahead of the ledger does not come back. */
function isHopeless({ wrong }: Verdict): boolean {
  return wrong.length > 0;
}
