import type { Bench, BenchContext } from './lib/bench/bench.ts';
import { BENCHES, type BenchName, NOT_BY_DEFAULT } from './lib/bench/benches.ts';
import { type BenchReport, benchReport, figuresTable } from './lib/bench/figure.ts';
import { UsageError } from './lib/errors.ts';
import { suggestion } from './lib/nearest.ts';
import { integer, valued } from './lib/options.ts';
import { plural } from './lib/text.ts';
import { defineVerb } from './lib/verb.ts';

const NAMES = Object.keys(BENCHES) as BenchName[];

export default defineVerb(import.meta, {
  summary: 'Measures the playground, each figure beside a baseline from the same run.',
  details: [
    'Works on temporary playgrounds at free ports, beside a running one or not; a quiet machine gives the best',
    'figures. Medians of the rounds are told, with the smallest and the largest. With one NAME the JSON document',
    'is that bench, with several it is {benches: […]}.',
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
      integer({ min: 1, max: 100 }).optional(),
    ),
  },
  positionals: {
    usage: '[NAME …]',
    help: `${NAMES.join(', ')}; without one, all but ${NOT_BY_DEFAULT.join(', ')}`,
    max: NAMES.length,
  },
  json: true,
  async run({ options, positionals, say, signal }) {
    const names = positionals.length > 0 ? positionals.map(benchName) : NAMES.filter(isDefault);
    const reports: BenchReport[] = [];
    for (const name of names) {
      const bench: Bench = BENCHES[name];
      const rounds = options.rounds ?? bench.defaultRounds;
      say(`${name}: ${plural(rounds, 'round')}`);
      reports.push(await runBench(bench, { rounds, say, signal }));
    }
    return {
      report: reports.length === 1 ? reports[0] : { benches: reports },
      text: figuresTable(reports.flatMap(({ figures }) => figures)),
    };
  },
});

async function runBench(bench: Bench, context: BenchContext): Promise<BenchReport> {
  return benchReport(await bench.run(context));
}

function benchName(word: string): BenchName {
  const name = NAMES.find((known) => known === word);
  if (name) return name;
  throw new UsageError(`unknown bench ${JSON.stringify(word)}${suggestion(word, NAMES)}`);
}

function isDefault(name: BenchName): boolean {
  return !NOT_BY_DEFAULT.includes(name);
}
