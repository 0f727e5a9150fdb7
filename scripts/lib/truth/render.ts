import { columns, plural } from '../text.ts';
import type { TruthRow } from './row.ts';
import type { TruthReport } from './truth.ts';

const MAX_ROWS = 40;

/** What people read: what is unequal first, then one line. */
export function truthText(report: TruthReport): string {
  const { equal, checked, rows, audit, problems, notes, pull } = report;
  const unequal = rows.filter((row) => !row.equal);
  const shown = unequal.slice(0, MAX_ROWS);
  const hidden = unequal.length - shown.length;
  return [
    ...(shown.length > 0 ? [columns([HEADER, ...shown.map((row) => line(row, pull))])] : []),
    ...(hidden > 0 ? [`… and ${hidden} more, see --json`] : []),
    ...privacyLines(rows),
    ...notes,
    ...problems.map((problem) => `cannot read the ${problem}`),
    ...audit.flatMap(({ ase, problems }) => problems.map((problem) => `audit of ${ase}: ${problem}`)),
    equal
      ? `equal: ${summary(checked, rows, pull)}`
      : `NOT equal: ${unequal.length} of ${plural(checked, 'number')}`,
    ...(equal ? [] : ['./playground doctor names the hop that is broken']),
  ].join('\n');
}

/** What a privacy mechanism makes of a number is not equal to it; how far it is off, and may be, is told. */
function privacyLines(rows: readonly TruthRow[]): string[] {
  const noisy = rows.filter(({ bound, error }) => error !== undefined && (bound !== '0' || error !== '0'));
  if (noisy.length === 0) return [];
  const lines = noisy.map(({ quantity, ase, ledger, sdk, error = '', bound }) => [
    quantity,
    ase,
    ledger ?? 'missing',
    sdk ?? 'missing',
    error,
    bound ?? 'none',
  ]);
  return [columns([PRIVACY_HEADER, ...lines]), ''];
}

const PRIVACY_HEADER = ['told to the network', 'ASE', 'truth', 'published', 'error', 'bound'];
const HEADER = ['quantity', 'ASE', 'labels', 'ledger', 'SDK', 'collector', 'Prometheus', 'panel'];

function line(row: TruthRow, pull: boolean): string[] {
  const labels = Object.entries(row.labels).map(([name, value]) => `${name}=${value}`);
  const panel = row.where === null ? '' : `${row.panel ?? 'missing'} (${row.where})`;
  const onTheWay =
    row.chain === undefined
      ? [row.sdk, row.collector ?? (pull && row.error === undefined ? '-' : null), row.prometheus]
      : [`chain: ${row.chain ?? 'missing'}`, '-', '-'];
  const hops = [row.ledger, ...onTheWay].map((value) => value ?? 'missing');
  return [row.quantity, row.ase, labels.join(' '), ...hops, panel];
}

function summary(checked: number, rows: readonly TruthRow[], pull: boolean): string {
  const onPanels = rows.filter(({ where }) => where !== null).length;
  const way = pull ? 'ledger = SDK = Prometheus' : 'ledger = SDK = collector = Prometheus';
  return `${plural(checked, 'number')}, ${way}${onPanels > 0 ? `, ${onPanels} of them also on panels` : ''}, books audited`;
}
