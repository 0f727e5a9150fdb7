import { columns } from '../text.ts';
import { markdownTable } from './markedTable.ts';
import type { Row } from './privacySimulation.ts';

const HEAD = ['payments', 'mechanism', 'bias', 'standard error', 'spread of one round', 'delay'];

/** For the terminal. */
export function textTable(rows: readonly Row[]): string {
  return columns([HEAD, ...rows.map(cells)], '  ');
}

/** For docs/privacy.md. */
export function pageTable(rows: readonly Row[]): string {
  return markdownTable(HEAD, rows.map(cells));
}

function cells(row: Row): string[] {
  return [
    `${row.workload}`,
    row.mechanism,
    signed(row.biasPercent),
    `${row.standardErrorPercent.toFixed(2)} %`,
    `${row.spreadPercent.toFixed(2)} %`,
    `${row.delayIntervals.toFixed(1)} intervals`,
  ];
}

function signed(percent: number): string {
  const text = percent.toFixed(Math.abs(percent) >= 10 ? 0 : 2);
  if (Number(text) === 0) return '0 %';
  return `${percent > 0 ? '+' : '−'}${text.replace('-', '')} %`;
}
