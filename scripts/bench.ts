import type { Bench, BenchContext, RowsBench } from './lib/bench/bench.ts';
import { BENCHES, type BenchName, NOT_BY_DEFAULT } from './lib/bench/benches.ts';
import { benchReport, type Figure, figuresTable } from './lib/bench/figure.ts';
import { keepResult, writePage } from './lib/bench/results.ts';
import { writeScalePage } from './lib/bench/scale/results.ts';
import { readSurroundings } from './lib/bench/surroundings.ts';
import { UsageError } from './lib/errors.ts';
import { suggestion } from './lib/nearest.ts';
import { flag, integer, valued } from './lib/options.ts';
import { plural } from './lib/text.ts';
import { defineVerb, type VerbResult } from './lib/verb.ts';

const NAMES = Object.keys(BENCHES) as BenchName[];

export default defineVerb(import.meta, {
  summary: 'Measures the playground, each figure beside a baseline from the same run.',
  details: [
    'Works on temporary playgrounds at free ports, beside a running one or not; a quiet machine gives the best',
    'figures. Medians of the rounds are told, with the smallest and the largest. With one NAME the JSON document',
    'is that bench, with several it is {benches: […]}. With --write the figures, the machine and the commit are kept',
    'in docs/performance/NAME.json, and the table of docs/performance.md is made anew; other benches keep theirs.',
    '',
    ...NAMES.flatMap((name) => [
      `${name}: ${BENCHES[name].summary};`,
      `  beside: ${BENCHES[name].baseline}${NOT_BY_DEFAULT.includes(name) ? ' (runs only when it is named)' : ''}`,
    ]),
  ].join('\n'),
  options: {
    rounds: valued(
      'N',
      'how often; each bench has its own default',
      integer({ min: 1, max: 1000 }).optional(),
    ),
    write: flag('keep the figures, and put them into docs/performance.md'),
    table: flag(
      'measure nothing: only make the tables of docs/performance.md and docs/scale.md from what is kept',
    ),
  },
  positionals: {
    usage: '[NAME …]',
    help: `${NAMES.join(', ')}; without one, all but ${NOT_BY_DEFAULT.join(', ')}`,
    max: NAMES.length,
  },
  json: true,
  async run({ options, positionals, say, signal }) {
    if (options.table) return tableOnly(positionals, options.write);
    const names = positionals.length > 0 ? positionals.map(benchName) : NAMES.filter(isDefault);
    const results: Result[] = [];
    for (const name of names) {
      const bench: Bench | RowsBench = BENCHES[name];
      const rounds = options.rounds ?? bench.defaultRounds;
      const surroundings = await readSurroundings(signal);
      say(`${name}: ${plural(rounds, 'round')}`);
      const result = await runBench(bench, { rounds, write: options.write, say, signal });
      results.push(result);
      // At once: the next one may fail, or be interrupted.
      if (options.write && result.figures) {
        keepResult(name, result.figures, surroundings);
        writePage(NAMES);
      }
    }
    const figures = results.flatMap(({ figures }) => figures ?? []);
    const tables = results.flatMap(({ table }) => table ?? []);
    return {
      report: results.length === 1 ? results[0]!.report : { benches: results.map(({ report }) => report) },
      text: [...(figures.length > 0 ? [figuresTable(figures)] : []), ...tables].join('\n\n'),
    };
  },
});

function tableOnly(positionals: readonly string[], write: boolean): VerbResult {
  if (positionals.length > 0 || write) throw new UsageError('--table measures nothing, and so goes alone');
  writePage(NAMES);
  writeScalePage();
  return { report: {}, text: 'docs/performance.md and docs/scale.md have the tables of what is kept' };
}

/** Figures stand together in one table, rows in one of their own. */
interface Result {
  report: object;
  figures?: Figure[];
  table?: string;
}

async function runBench(bench: Bench | RowsBench, context: BenchContext): Promise<Result> {
  if ('tabulate' in bench) {
    const { report, text } = await bench.tabulate(context);
    return { report, table: text };
  }
  const report = benchReport(await bench.run(context));
  return { report, figures: report.figures };
}

function benchName(word: string): BenchName {
  const name = NAMES.find((known) => known === word);
  if (name) return name;
  throw new UsageError(`unknown bench ${JSON.stringify(word)}${suggestion(word, NAMES)}`, [
    `there are: ${NAMES.join(', ')}`,
  ]);
}

function isDefault(name: BenchName): boolean {
  return !NOT_BY_DEFAULT.includes(name);
}
