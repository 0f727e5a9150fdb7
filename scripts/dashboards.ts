import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { boardFiles } from '../grafana/src/generate.ts';
import { renderMetricsReference } from '../telemetry/reference.ts';
import { committedAlertmanager, committedRules } from './lib/alerting/files.ts';
import { renderConfiguration } from './lib/configuration/render.ts';
import { flag } from './lib/options.ts';
import { ROOT } from './lib/settings.ts';
import { defineVerb } from './lib/verb.ts';

/** What this verb generates, by folder. A folder that it owns whole holds nothing else. */
const GENERATED = [
  { folder: 'grafana/dashboards', ownsFolder: true, files: boardFiles },
  {
    folder: 'prometheus/rules',
    ownsFolder: false,
    // After the boards: their panels have to be there to be linked to.
    files: () => ({ 'playground.yml': committedRules() }),
  },
  {
    folder: 'prometheus',
    ownsFolder: false,
    files: () => ({ 'alertmanager.yml': committedAlertmanager() }),
  },
  { folder: 'docs/reference', ownsFolder: false, files: () => ({ 'metrics.md': renderMetricsReference() }) },
  { folder: 'docs', ownsFolder: false, files: () => ({ 'configuration.md': renderConfiguration() }) },
];

type Change = 'created' | 'changed' | 'deleted' | 'unchanged';

export default defineVerb(import.meta, {
  summary: 'Writes the dashboards, and the reference pages, from their code.',
  details: 'The results are committed: a test fails while they differ from what the code says.',
  options: { check: flag('change nothing; exit 1 when a generated file is out of date') },
  json: true,
  async run({ options: { check } }) {
    const files = GENERATED.flatMap((generated) => bring(generated, check));
    const drift = files.filter(({ change }) => change !== 'unchanged');
    const lines = drift.map(({ file, change }) => `${file}: ${check ? `would be ${change}` : change}`);
    const advice = check && drift.length > 0 ? ['Run ./playground dashboards and commit the result.'] : [];
    return {
      ok: !check || drift.length === 0,
      report: { upToDate: drift.length === 0, written: !check && drift.length > 0, files },
      text: lines.length > 0 ? [...lines, ...advice].join('\n') : `${files.length} files are up to date.`,
    };
  },
});

function bring({ folder, ownsFolder, files }: (typeof GENERATED)[number], check: boolean) {
  const absolute = path.join(ROOT, folder);
  mkdirSync(absolute, { recursive: true });
  const wanted = files();
  const present = readdirSync(absolute);
  const results: { file: string; change: Change }[] = [];
  for (const [name, text] of Object.entries(wanted)) {
    const file = path.join(absolute, name);
    const before = present.includes(name) ? readFileSync(file, 'utf8') : undefined;
    const change: Change = before === undefined ? 'created' : before === text ? 'unchanged' : 'changed';
    if (change !== 'unchanged' && !check) writeFileSync(file, text);
    results.push({ file: `${folder}/${name}`, change });
  }
  for (const name of ownsFolder ? present.filter((candidate) => !(candidate in wanted)) : []) {
    if (!check) rmSync(path.join(absolute, name));
    results.push({ file: `${folder}/${name}`, change: 'deleted' });
  }
  return results;
}
