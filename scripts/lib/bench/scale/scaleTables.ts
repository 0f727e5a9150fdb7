import { columns } from '../../text.ts';
import { markdownTable } from '../markedTable.ts';
import type { Surroundings } from '../surroundings.ts';
import { endTables } from './endTables.ts';
import type { Path } from './fleet.ts';
import { slowestBoardMs } from './growth.ts';
import { digits, seconds } from './numerals.ts';
import type { ScaleFigures, ScaleRow, ScaleStep } from './scaleRow.ts';

const ROW_HEAD = [
  'ASEs',
  'every',
  'path, limits',
  'series',
  'samples/s',
  'Prometheus',
  'operator’s collector',
  'network’s collectors',
  'ASEs’ exporters',
  'other work',
  'lag p50, p95: operator',
  'network',
  'lost',
  'slowest board',
  'carried',
];

/** For the terminal. */
export function textTables(rows: readonly ScaleRow[]): string {
  const bounds = rows.flatMap(({ step, bound }) => (bound === null ? [] : [`  ${stepText(step)}: ${bound}`]));
  return [columns([ROW_HEAD, ...rows.map(rowCells)], '  '), ...bounds].join('\n');
}

/** For docs/scale.md: what was measured, how it grows, and where that leads to. */
export function pageTables(rows: readonly ScaleRow[], surroundings: Surroundings): string {
  return [
    surroundingsText(surroundings),
    '### Measured',
    markdownTable(ROW_HEAD, rows.map(rowCells)),
    ...boundsList(rows),
    '### Time of each board',
    boardTable(rows),
    ...endTables(rows),
  ].join('\n\n');
}

function surroundingsText({ measuredAt, commit, hasChanges, machine, versions }: Surroundings): string {
  const { cores, memoryGib, kernel, loadBefore } = machine;
  const load = loadBefore === null ? 'not noted' : String(loadBefore);
  return [
    `Measured ${measuredAt.slice(0, 16).replace('T', ' ')} UTC at commit ${commit.slice(0, 7)}${hasChanges ? ' with changes' : ''}:`,
    `${cores} cores, ${memoryGib} GiB, ${kernel}, load before: ${load}; Node ${versions.NODE_VERSION ?? '?'},`,
    `collector ${versions.OTELCOL_VERSION ?? '?'}, Prometheus ${versions.PROMETHEUS_VERSION ?? '?'}.`,
  ].join(' ');
}

function rowCells({ step, figures, bound }: ScaleRow): string[] {
  const head = [String(step.ases), `${step.intervalSeconds} s`, pathsText(step)];
  if (!figures) return [...head, ...ROW_HEAD.slice(head.length + 1).map(() => ''), 'no'];
  const { operator, network } = figures.paths;
  const slowest = slowestBoardMs(figures);
  return [
    ...head,
    digits(figures.series),
    digits(figures.samplesPerSecond),
    usageText(figures.prometheus),
    operator ? usageText(operator.collectors) : '',
    network ? usageText(network.collectors) : '',
    usageText(figures.senders),
    `${figures.otherCores.toFixed(2)} cores`,
    lagText(figures, 'operator'),
    lagText(figures, 'network'),
    digits((operator?.lostPoints ?? 0) + (network?.lostPoints ?? 0)),
    slowest === undefined ? '' : `${seconds(slowest)} s`,
    bound === null ? 'yes' : 'no',
  ];
}

function boundsList(rows: readonly ScaleRow[]): string[] {
  const bounded = rows.filter(({ bound }) => bound !== null);
  if (bounded.length === 0) return [];
  return ['Not carried:', bounded.map(({ step, bound }) => `- ${stepText(step)}: ${bound}.`).join('\n')];
}

function boardTable(rows: readonly ScaleRow[]): string {
  const measured = rows.flatMap(({ step, figures }) => (figures ? [{ step, figures }] : []));
  const uids = [...new Set(measured.flatMap(({ figures }) => figures.boards.map(({ uid }) => uid)))];
  const cell = (uid: string, { boards }: ScaleFigures) => {
    const board = boards.find((each) => each.uid === uid);
    if (!board) return 'no time';
    return board.failed > 0 ? `> ${seconds(board.milliseconds)} s` : `${seconds(board.milliseconds)} s`;
  };
  return markdownTable(
    [
      'board',
      ...measured.map(
        ({ step }) =>
          `${step.ases}, ${step.intervalSeconds} s${step.limits === 'shipped' ? ', shipped' : ''}`,
      ),
    ],
    uids.map((uid) => [uid, ...measured.map(({ figures }) => cell(uid, figures))]),
  );
}

function usageText({ cores, rssBytes }: { cores: number; rssBytes: number }): string {
  return `${cores.toFixed(2)} cores, ${digits(rssBytes / 1e6)} MB`;
}

function lagText({ paths }: ScaleFigures, path: Path): string {
  const figures = paths[path];
  if (!figures) return '';
  return figures.lag ? `${seconds(figures.lag.p50Ms)}, ${seconds(figures.lag.p95Ms)} s` : 'nothing arrived';
}

export function stepText(step: ScaleStep): string {
  return `${step.ases} ASEs every ${step.intervalSeconds} s (${pathsText(step)})`;
}

function pathsText({ paths, limits }: ScaleStep): string {
  return `${paths.length > 1 ? 'both' : paths[0]}, ${limits}`;
}
