import type { UsagePreview } from '../admin.ts';
import { columns } from '../text.ts';
import type { UsageDay } from './readReports.ts';

/** For people: what came, a line for each day and version. */
export function daysText(days: readonly UsageDay[], complete: boolean): string {
  if (days.length === 0) {
    return 'no report yet: the first comes a few seconds after a start, unless ./playground usage --dry-run says why not';
  }
  const rows = days.map(({ day, version, reports, installations }) => [
    day,
    version,
    String(reports),
    String(installations),
  ]);
  const table = columns([['day (UTC)', 'version', 'reports', 'installations'], ...rows], '  ');
  return complete ? table : `${table}\n  … and more: ask the backend itself`;
}

/** For people: what each ASE would send. */
export function previewText(previews: readonly ({ ase: string } & UsagePreview)[]): string {
  return previews
    .map((preview) => {
      const body = JSON.stringify(preview.report, null, 2).replace(/^/gm, '  ');
      return [...headOf(preview), body].join('\n');
    })
    .join('\n\n');
}

function headOf({ ase, enabled, why, url, nextAt, last }: { ase: string } & UsagePreview): string[] {
  if (!enabled) {
    return [`${ase} reports nothing: ${why}`, '  if it did, it would be this, under another random id:'];
  }
  return [
    `${ase} reports to ${url}, next at ${nextAt}`,
    ...(last === null
      ? []
      : [
          `  the last one, at ${last.at}, was ${last.outcome}${last.outcome === 'lost' ? `: ${last.detail}` : ''}`,
        ]),
    '  it would be this:',
  ];
}
