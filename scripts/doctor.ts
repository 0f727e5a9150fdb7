import { examine, nothingRuns } from './lib/doctor/doctor.ts';
import type { Diagnosis } from './lib/doctor/finding.ts';
import { findPlayground } from './lib/playground.ts';
import { columns } from './lib/text.ts';
import { defineVerb } from './lib/verb.ts';

export default defineVerb(import.meta, {
  summary: 'Walks the way of a number, hop by hop, and names the first that is broken and how to mend it.',
  details: 'Payments may go on meanwhile. The exit code is 0 when every hop is well, else 1.',
  options: {},
  json: true,
  async run({ say, signal }) {
    const playground = await findPlayground();
    const diagnosis = playground ? await examine(playground, { say, signal }) : nothingRuns();
    return { report: diagnosis, text: diagnosisText(diagnosis), ok: diagnosis.ok };
  },
});

function diagnosisText({ ok, hops, firstBroken, why, fix }: Diagnosis): string {
  const table = columns(hops.map((hop) => [hop.ok ? 'ok' : 'BROKEN', hop.name, hop.evidence]));
  if (ok) return `${table}\n\nall hops are well`;
  return `${table}\n\nfirst broken: ${firstBroken}\nwhy: ${why}\nfix: ${fix}`;
}
