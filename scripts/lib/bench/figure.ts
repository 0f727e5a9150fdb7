import { columns } from '../text.ts';
import type { Measured } from './bench.ts';
import { median, medianInterval, range } from './statistics.ts';

export const UNITS = [
  'seconds',
  'ms',
  'MB',
  'KB',
  'payments/s',
  'packets/s',
  'µs/packet',
  'percent',
  'refreshes',
] as const;
export type Unit = (typeof UNITS)[number];

/** What is told of one measure: medians of the rounds. */
export interface Figure {
  name: string;
  unit: Unit;
  ours: number;
  /** The same thing without us, measured in the same run; null when there is no such thing. */
  baseline: number | null;
  /** ours / baseline */
  ratio: number | null;
  rounds: number;
  goal: number | null;
  spread: { ours: Spread; baseline: Spread | null };
  /** Where the median of ours lies with a certainty of 95 %; left out where the rounds are too few to say. */
  interval?: Spread;
}

interface Spread {
  min: number;
  max: number;
}

/** A bench's first figure, with those that it measured beside it. */
export interface BenchReport extends Figure {
  figures: Figure[];
}

export function benchReport(measured: readonly Measured[]): BenchReport {
  const figures = measured.map(figureOf);
  return { ...figures[0]!, figures };
}

export function figureOf({ name, unit, ours, baseline, goal }: Measured): Figure {
  const hasBaseline = baseline.length > 0;
  const ourMedian = round(median(ours));
  const baselineMedian = hasBaseline ? round(median(baseline)) : null;
  const interval = medianInterval(ours);
  return {
    name,
    unit,
    ours: ourMedian,
    baseline: baselineMedian,
    ratio: baselineMedian === null || baselineMedian === 0 ? null : round(ourMedian / baselineMedian),
    rounds: ours.length,
    goal: goal ?? null,
    spread: { ours: spreadOf(ours), baseline: hasBaseline ? spreadOf(baseline) : null },
    ...(interval && { interval: rounded(interval) }),
  };
}

export function isReached({ unit, ours, goal }: Pick<Figure, 'unit' | 'ours' | 'goal'>): boolean | null {
  if (goal === null) return null;
  return isRate(unit) ? ours >= goal : ours <= goal;
}

/** Of a rate more is better. */
export const isRate = (unit: Unit): boolean => unit.endsWith('/s');

/** For people: medians, with the smallest and the largest in brackets, and how certain ours is. */
export function figuresTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { name, unit, ours, baseline, ratio, rounds, goal, spread, interval } = figure;
    const sign = isRate(unit) ? '≥' : '≤';
    return [
      name,
      unit,
      `${withSpread(ours, spread.ours, rounds)}${interval ? `, 95 %: ${shown(interval.min)} … ${shown(interval.max)}` : ''}`,
      baseline === null ? '-' : withSpread(baseline, spread.baseline!, rounds),
      ratio === null ? '-' : `× ${shown(ratio)}`,
      goal === null ? '-' : `${sign} ${goal} ${isReached(figure) ? 'reached' : 'NOT reached'}`,
    ];
  });
  return columns([['figure', 'unit', 'ours', 'baseline', 'ratio', 'goal'], ...rows], '  ');
}

function withSpread(value: number, { min, max }: Spread, rounds: number): string {
  return rounds === 1 ? shown(value) : `${shown(value)} (${shown(min)} … ${shown(max)})`;
}

const spreadOf = (values: readonly number[]): Spread => rounded(range(values));

const rounded = ({ min, max }: Spread): Spread => ({ min: round(min), max: round(max) });

/** No clock of ours is better than a millisecond. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Three digits that count are all that a reader can use. */
export function shown(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString();
}
