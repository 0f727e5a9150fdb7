import { isRate, isReached, shown, type Unit } from './figure.ts';
import { markdownTable } from './markedTable.ts';
import type { BenchResult, KeptFigure } from './results.ts';

/** Two tables in Markdown: every figure beside its goal and its baseline, and when and where each bench was run. */
export function performanceTables(results: readonly BenchResult[]): string {
  const figures = results.flatMap(({ bench, figures }) =>
    figures.map((figure) => figureCells(bench, figure)),
  );
  return [
    markdownTable(['figure', 'goal', 'measured', 'baseline of the same run', 'bench'], figures),
    '',
    markdownTable(
      ['bench', 'measured', 'commit', 'load before', 'machine', 'Node'],
      results.map(surroundingsCells),
    ),
  ].join('\n');
}

const SYMBOLS: Partial<Record<Unit, string>> = { seconds: 's', percent: '%' };

function figureCells(bench: string, figure: KeptFigure): string[] {
  const { name, unit, ours, baseline, goal, rounds, spread, interval } = figure;
  const within = (value: number, of: KeptFigure['spread']['ours']) =>
    `${inUnit(value, unit)}${rounds === 1 || of.min === of.max ? '' : ` (${digits(of.min)} to ${digits(of.max)})`}`;
  return [
    name,
    goal === null ? '' : `${isRate(unit) ? '≥' : '≤'} ${inUnit(goal, unit)}`,
    `${within(ours, spread.ours)}${interval ? `, 95 %: ${digits(interval.min)} to ${digits(interval.max)}` : ''}${verdict(figure)}`,
    baseline === null ? '' : within(baseline, spread.baseline!),
    `\`bench ${bench}\`, ${rounds === 1 ? 'once' : `${rounds} rounds`}`,
  ];
}

function verdict(figure: KeptFigure): string {
  const reached = isReached(figure);
  if (reached === null) return '';
  return reached ? ': reached' : ': **not reached**';
}

function surroundingsCells({ bench, surroundings }: BenchResult): string[] {
  const { measuredAt, commit, hasChanges, machine, versions } = surroundings;
  const { cores, memoryGib, processor, kernel, loadBefore } = machine;
  return [
    `\`bench ${bench}\``,
    measuredAt.slice(0, 16).replace('T', ' '),
    `${commit.slice(0, 7)}${hasChanges ? ' and changes' : ''}`,
    loadBefore === null ? 'not noted' : String(loadBefore),
    [`${cores} cores`, `${memoryGib} GiB`, ...(processor === null ? [] : [processor]), kernel].join(', '),
    versions.NODE_VERSION ?? '',
  ];
}

function inUnit(value: number, unit: Unit): string {
  return `${digits(value)} ${SYMBOLS[unit] ?? unit}`;
}

/** As people write numbers: a minus that is one, and thousands apart. */
function digits(value: number): string {
  const [whole = '', fraction] = shown(value).split('.');
  const apart = whole.replace('-', '−').replace(/\B(?=(\d{3})+$)/g, ' ');
  return fraction === undefined ? apart : `${apart}.${fraction}`;
}
