import { markdownTable } from '../markedTable.ts';
import type { Fit } from './fit.ts';
import { PATHS } from './fleet.ts';
import {
  type End,
  endsOf,
  type SeriesPerAse,
  seriesPerAse,
  shippedEnd,
  WORK_INTERVAL_SECONDS,
} from './forecast.ts';
import { type Growth, type Growths, growthsOf } from './growth.ts';
import { mimirNeed } from './mimir.ts';
import { digits, short, some } from './numerals.ts';
import type { ScaleRow } from './scaleRow.ts';

/** Where the rows lead to, as parts of docs/scale.md: growth, the end of one Prometheus, and what Mimir would need. */
export function endTables(rows: readonly ScaleRow[]): string[] {
  const growths = growthsOf(rows);
  const perAse = seriesPerAse(rows);
  if (!perAse) return [];
  return [...growth(growths), ...prometheusEnd(growths, perAse), ...mimirNeeds(perAse)];
}

function growth(growths: Growths): string[] {
  const known = Object.values(growths);
  const table = markdownTable(['of', 'by', 'law', 'R²', 'steps'], known.map(growthCells));
  return ['### How it grows', known.length > 0 ? table : 'Too few steps say something about it.'];
}

function growthCells({ of, by, fit }: Growth): string[] {
  return [of, by, lawText(fit), fit.r2.toFixed(3), String(fit.points)];
}

function lawText({ kind, a, b }: Fit): string {
  if (kind === 'power') return `${short(a)} · x^${b.toFixed(2)}`;
  return `${short(a)} + ${short(b)} · x`;
}

function prometheusEnd(growths: Growths, perAse: SeriesPerAse): string[] {
  const ends = endsOf(growths, perAse);
  if (ends.length === 0) return [];
  return [
    '### Where one Prometheus ends',
    [
      `An ASE has ${perAse.operator} series for its operator and ${perAse.network} for its network.`,
      ...shippedTexts(growths, perAse),
    ].join(' '),
    markdownTable(
      [
        'machine',
        'series',
        'samples/s',
        'ended by',
        'ASEs, all they tell',
        'ASEs, what they tell the network',
      ],
      ends.map(endCells),
    ),
  ];
}

function shippedTexts(growths: Growths, perAse: SeriesPerAse): string[] {
  return PATHS.flatMap((path) => {
    const series = shippedEnd(growths, path);
    if (series === undefined) return [];
    const ases = Math.floor(series / perAse[path]);
    const who = path === 'operator' ? 'the operator’s collector' : 'both network collectors together';
    return [`As shipped, the memory limit of ${who} is reached at some ${some(ases)} ASEs, by this growth.`];
  });
}

function endCells({ machine, series, samplesPerSecond, endedBy, ases, networkAses }: End): string[] {
  const name = `${machine.cores} cores, ${machine.memoryGib} GiB`;
  return [name, some(series), some(samplesPerSecond), endedBy, some(ases), some(networkAses)];
}

/** Boards that somebody looks at, all the time, and what each asks. */
const OPEN_BOARDS = 20;
const QUERIES_PER_BOARD = 40;
const REFRESH_SECONDS = 30;

function mimirNeeds(perAse: SeriesPerAse): string[] {
  return [
    '### What Mimir needs, on paper',
    `By the rules of its documentation; queries are those of ${OPEN_BOARDS} open boards with ${QUERIES_PER_BOARD} queries each, every ${REFRESH_SECONDS} s.`,
    mimirTable(perAse),
  ];
}

function mimirTable({ operator, network }: SeriesPerAse): string {
  const cases = [
    { ases: 1000, series: network, what: 'network' },
    { ases: 10_000, series: network, what: 'network' },
    { ases: 1000, series: operator + network, what: 'all' },
    { ases: 10_000, series: operator + network, what: 'all' },
    { ases: 100_000, series: operator + network, what: 'all' },
  ];
  const queriesPerSecond = (OPEN_BOARDS * QUERIES_PER_BOARD) / REFRESH_SECONDS;
  return markdownTable(
    [
      'ASEs',
      'telemetry',
      'series',
      'samples/s',
      'distributors',
      'ingesters, 3 copies',
      'queries',
      'compactors',
      'in all, with room',
      'blocks a year',
    ],
    cases.map(({ ases, series, what }) => {
      const need = mimirNeed(ases * series, WORK_INTERVAL_SECONDS, queriesPerSecond);
      const { distributors, ingesters, queries, compactors, total } = need;
      return [
        digits(ases),
        what,
        some(ases * series),
        some(need.samplesPerSecond),
        ...[distributors, ingesters, queries, compactors, total].map(
          ({ cores, memoryGb }) => `${short(cores)} ${cores === 1 ? 'core' : 'cores'}, ${short(memoryGb)} GB`,
        ),
        `${some(need.blocksGb)} GB`,
      ];
    }),
  );
}
