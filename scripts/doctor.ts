import path from 'node:path';
import { examine, nothingRuns } from './lib/doctor/doctor.ts';
import type { Diagnosis } from './lib/doctor/finding.ts';
import { flag } from './lib/options.ts';
import { findPlayground, type Playground, requirePlayground } from './lib/playground.ts';
import { examineRafiki } from './lib/rafiki/examine.ts';
import { rafikiText } from './lib/rafiki/render.ts';
import { ROOT } from './lib/settings.ts';
import { fittingColumns } from './lib/text.ts';
import { defineVerb, type VerbResult } from './lib/verb.ts';

export default defineVerb(import.meta, {
  summary: 'Walks the way of a number, hop by hop, and names the first that is broken and how to mend it.',
  details: 'Payments may go on meanwhile. The exit code is 0 when every hop is well, else 1.',
  options: {
    rafiki: flag('instead: what a real Rafiki has to be told, whether one sends, and which panels it fills'),
  },
  json: true,
  async run({ options, say, signal }) {
    if (options.rafiki) return lookForRafiki(await requirePlayground());
    const playground = await findPlayground();
    const diagnosis = playground ? await examine(playground, { say, signal }) : nothingRuns();
    return { report: diagnosis, text: diagnosisText(diagnosis), ok: diagnosis.ok };
  },
});

async function lookForRafiki(playground: Playground): Promise<VerbResult> {
  const report = await examineRafiki({
    collectorUrl: playground.testnetUrl,
    ratesUrl: playground.ratesUrl,
    exportIntervalMs: playground.settings.networkExportIntervalMs,
    metricsUrls: playground.networkMetricsUrls.testnet ?? [],
    prometheusUrl: playground.prometheusUrl,
    boardsFolder: path.join(ROOT, 'grafana/dashboards'),
    ownSources: playground.ases.map(({ name }) => name),
  });
  return { report, text: rafikiText(report), ok: report.ok };
}

function diagnosisText({ ok, hops, firstBroken, why, fix }: Diagnosis): string {
  const table = fittingColumns(hops.map((hop) => [hop.ok ? 'ok' : 'BROKEN', hop.name, hop.evidence]));
  if (ok) return `${table}\n\nall hops are well`;
  return `${table}\n\nfirst broken: ${firstBroken}\nwhy: ${why}\nfix: ${fix}`;
}
