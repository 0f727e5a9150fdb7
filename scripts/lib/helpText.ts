import { flagName, type Options } from './options.ts';
import { fitting, fittingColumns } from './text.ts';

export interface HelpSpec {
  summary: string;
  details?: string;
  options: Options;
  positionals?: { usage: string; help: string };
  json?: boolean;
}

/** What `./playground NAME --help` prints, made from the verb's own definition. */
export function helpText(name: string, spec: HelpSpec): string {
  const rows: string[][] = [];
  if (spec.positionals) rows.push([spec.positionals.usage, spec.positionals.help]);
  for (const [key, option] of Object.entries(spec.options)) {
    rows.push([`${flagName(key)}${option.value ? ` ${option.value}` : ''}`, option.help]);
  }
  if (spec.json) rows.push(['--json', 'print one JSON document; messages go to stderr']);
  rows.push(['-h, --help', 'print this']);
  const usage = ['./playground', name, spec.positionals?.usage, '[options]'].filter(Boolean).join(' ');
  return [
    `${usage}`,
    '',
    fitting(spec.summary),
    ...(spec.details ? ['', fitting(spec.details.trim())] : []),
    '',
    fittingColumns(rows, '  '),
    '',
  ].join('\n');
}
