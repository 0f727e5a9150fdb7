import { columns, fittingColumns } from '../text.ts';
import type { RafikiReport } from './examine.ts';

/** The report as people read it. */
export function rafikiText({ variables, checks, panels, ok, why, fix }: RafikiReport): string {
  const dockerised = variables.filter(({ value, inDocker }) => value !== inDocker);
  return [
    'variables of the Rafiki’s backend:',
    columns(
      variables.map(({ name, value, why }) => [`${name}=${value}`, why]),
      '  ',
    ),
    'where it runs in Docker (docs/bring-your-own-rafiki.md has more):',
    ...dockerised.map(({ name, inDocker }) => `  ${name}=${inDocker}`),
    '',
    fittingColumns(checks.map((check) => [check.ok ? 'ok' : 'NO', check.name, check.evidence])),
    '',
    panels.length === 0
      ? 'no board has a panel for it'
      : columns(panels.map(({ fills, board, panel }) => [fills ? 'fills' : 'empty', board, panel])),
    '',
    ...(ok ? ['a Rafiki sends, and shows'] : [`why: ${why}`, `fix: ${fix}`]),
  ].join('\n');
}
