import type { PrivacyReport } from './admin.ts';
import { columns } from './text.ts';

/** What one ASE says of its privacy. */
export type AsePrivacy = { ase: string } & PrivacyReport;

/** For people: one table for each ASE, its mechanisms side by side. */
export function privacyText(reports: readonly AsePrivacy[]): string {
  return reports.map(aseText).join('\n\n');
}

const HEADER = ['', 'mechanism', 'total', 'error', 'in percent', 'error is below', 'ε spent'];

function aseText(report: AsePrivacy): string {
  const { ase, network } = report;
  if (!report.enabled) return `${ase}: network telemetry is off (${network})`;
  const { mechanism, epsilon, trueUnits, sentUnits, clipUnits, mechanisms } = report;
  const rows = mechanisms.map(({ name, chosen, publishedUnits, errorUnits, boundUnits, epsilonSpent }) => [
    chosen ? '→' : '',
    name,
    dollars(publishedUnits),
    dollars(errorUnits),
    percent(errorUnits, trueUnits),
    boundUnits === null ? 'no bound' : dollars(boundUnits),
    epsilonSpent === null ? 'no limit' : String(Math.round(epsilonSpent * 1000) / 1000),
  ]);
  return [
    `${ase} tells the ${network} ${dollars(sentUnits)}, the truth is ${dollars(trueUnits)}`,
    `  mechanism ${mechanism}, ε ${epsilon}, packets count up to ${dollars(clipUnits)}`,
    columns([HEADER, ...rows], '  '),
  ].join('\n');
}

/** Base units are a hundredth of a cent. */
export function dollars(units: string): string {
  const value = BigInt(units);
  const size = value < 0n ? -value : value;
  const text = `$${size / 10_000n}.${(size % 10_000n).toString().padStart(4, '0')}`;
  return value < 0n ? `-${text}` : text;
}

function percent(errorUnits: string, trueUnits: string): string {
  if (trueUnits === '0') return '-';
  return `${((Number(errorUnits) / Number(trueUnits)) * 100).toFixed(2)} %`;
}
