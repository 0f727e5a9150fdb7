import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { ROOT } from '../settings.ts';
import { type Figure, UNITS } from './figure.ts';
import { withGenerated } from './markedTable.ts';
import { performanceTables } from './performanceTables.ts';
import { SURROUNDINGS, type Surroundings } from './surroundings.ts';

const SPREAD = z.object({ min: z.number(), max: z.number() });
const FIGURE = z.object({
  name: z.string(),
  unit: z.enum(UNITS),
  ours: z.number(),
  baseline: z.number().nullable(),
  ratio: z.number().nullable(),
  rounds: z.int().positive(),
  goal: z.number().nullable(),
  spread: z.object({ ours: SPREAD, baseline: SPREAD.nullable() }),
  /** Where the median of ours lies with a certainty of 95 %, where there were rounds enough to say. */
  interval: SPREAD.optional(),
});
const RESULT = z.strictObject({
  bench: z.string(),
  surroundings: SURROUNDINGS,
  figures: z.array(FIGURE).min(1),
});

export type KeptFigure = z.infer<typeof FIGURE>;

/** What a bench gave when it was last kept. */
export type BenchResult = z.infer<typeof RESULT>;

const FOLDER = path.join(ROOT, 'docs/performance');
const PAGE = path.join(ROOT, 'docs/performance.md');
const COMMAND = 'bench --write';

/** Keeps the figures of a bench in docs/performance/, one file a bench, in place of those of before. */
export function keepResult(bench: string, figures: Figure[], surroundings: Surroundings): void {
  mkdirSync(FOLDER, { recursive: true });
  const result = RESULT.parse({ bench, surroundings, figures } satisfies BenchResult);
  writeFileSync(path.join(FOLDER, `${bench}.json`), `${JSON.stringify(result, null, 2)}\n`);
}

/** All that is kept, in the order of `benches`; a result of any other name comes last. */
export function readResults(benches: readonly string[]): BenchResult[] {
  const rank = ({ bench }: BenchResult) =>
    benches.includes(bench) ? benches.indexOf(bench) : benches.length;
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => RESULT.parse(JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8'))))
    .sort((a, b) => rank(a) - rank(b));
}

export function readPage(): string {
  return readFileSync(PAGE, 'utf8');
}

/** docs/performance.md with the tables that the results give. */
export function pageWith(results: readonly BenchResult[], page: string): string {
  return withGenerated(page, COMMAND, performanceTables(results));
}

export function writePage(benches: readonly string[]): void {
  writeFileSync(PAGE, pageWith(readResults(benches), readPage()));
}
