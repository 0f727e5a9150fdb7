import { z } from 'zod';
import { createAdmin } from './lib/admin.ts';
import { UsageError, VerbError } from './lib/errors.ts';
import { loadEnvironment, runK6 } from './lib/load/k6.ts';
import { fulfilledBy, PACKETS, packetRow } from './lib/load/packets.ts';
import { type LoadCount, type LoadRecord, writeLoadRecord } from './lib/load/record.ts';
import { loadReport, loadText } from './lib/load/report.ts';
import { SCENARIOS, type Scenario } from './lib/load/scenarios.ts';
import { countsOf, type LoadSummary, numberOf } from './lib/load/summary.ts';
import { integer, valued } from './lib/options.ts';
import { type Playground, requirePlayground } from './lib/playground.ts';
import { LOOPBACK } from './lib/settings.ts';
import { readSecrets } from './lib/state.ts';
import { ensureTools } from './lib/tools/ensure.ts';
import { END_ASES } from './lib/topology.ts';
import { waitForQuiet, withTrafficPaused } from './lib/truth/quiet.ts';
import { compareLoad } from './lib/truth/readLoad.ts';
import type { TruthRow } from './lib/truth/row.ts';
import { defineVerb, type VerbContext } from './lib/verb.ts';
import { WaitedTooLong, waitFor } from './lib/wait.ts';

const OPTIONS = {
  seed: valued('S', 'which payments; default 1', integer({ min: 0, max: 999_999_999 }).default(1)),
  rate: valued('N', 'payments a second of rate; default 10', integer({ min: 1, max: 1000 }).optional()),
  minutes: valued('N', 'how long a soak takes; default 5', integer({ min: 1, max: 720 }).optional()),
};
type Context = VerbContext<typeof OPTIONS>;

/** k6's last metrics are in Prometheus by then. */
const ARRIVED_WITHIN_MS = 20_000;

export default defineVerb(import.meta, {
  summary: 'Makes load with k6, and checks that k6 and the ledgers counted the same.',
  details: [
    'smoke    two users, ten seconds: does it work at all? (default)',
    'ramp     ever more users, up to forty: how much does it take?',
    'spike    sixty users at once between two calms: does it come back?',
    'soak     five users for minutes or hours: does it stay well?',
    'rate     so many payments a second, each within 250 ms: does it hold that pace?',
    'packets  ILP packets without wallets: what does a connector take by itself?',
    '',
    'The board Load test shows it as it goes. The exit code is 0 when all thresholds of the script were kept\nand all counts are equal, else 1.',
  ].join('\n'),
  options: OPTIONS,
  positionals: { usage: '[SCENARIO]', help: SCENARIOS.join(', '), max: 1 },
  json: true,
  async run(context) {
    const scenario = scenarioOf(context.positionals[0]);
    if (context.options.minutes !== undefined && scenario !== 'soak')
      throw new UsageError('--minutes goes with soak');
    if (context.options.rate !== undefined && scenario !== 'rate')
      throw new UsageError('--rate goes with rate');
    const playground = await requirePlayground();
    if (!playground.run) {
      throw new VerbError('in containers, k6 runs in one as well:', [
        `docker compose run --rm load run --out=opentelemetry /load/${SCENARIOS.indexOf(scenario) + 1}-${scenario}.js`,
      ]);
    }
    const { k6 } = await ensureTools(['k6'], context);
    const make = scenario === 'packets' ? loadPackets : loadPayments;
    const { summary, rows } = await make(playground, k6, scenario, context);
    const report = loadReport(summary, rows);
    return { report, text: loadText(report), ok: report.equal && report.crossed.length === 0 };
  },
});

interface Made {
  summary: LoadSummary;
  rows: TruthRow[];
}

async function loadPayments(
  playground: Playground,
  k6: string,
  scenario: Scenario,
  context: Context,
): Promise<Made> {
  const summary = await run(playground, k6, scenario, {}, context);
  const record = { run: summary.run, endedAtMs: Date.now(), counts: countsIn(summary) };
  writeLoadRecord(playground.settings.home, record);
  return { summary, rows: await settled(playground, record, context) };
}

/** Nobody but k6 may send packets meanwhile: the ledger does not know whose they were. */
async function loadPackets(
  playground: Playground,
  k6: string,
  scenario: Scenario,
  context: Context,
): Promise<Made> {
  const token = readSecrets(playground.settings.home)?.peerTokens[`${PACKETS.from}>${PACKETS.to}`];
  if (token === undefined) throw new VerbError('the secrets of the playground are gone');
  const receiver = playground.ases.find(({ name }) => name === PACKETS.to)!;
  const admin = createAdmin(receiver.url, playground.adminToken);
  return withTrafficPaused(playground, async (admins) => {
    await waitForQuiet(admins, context);
    const before = await fulfilledBy(admin);
    const summary = await run(playground, k6, scenario, { LOAD_PEER_TOKEN: token }, context);
    await waitForQuiet(admins, context);
    const counted = numberOf(summary, 'load_packets{status:fulfilled}', 'count');
    return { summary, rows: [packetRow((await fulfilledBy(admin)) - before, counted)] };
  });
}

function run(
  { ases, settings }: Playground,
  k6: string,
  scenario: Scenario,
  secrets: Record<string, string>,
  { options, say, signal }: Context,
): Promise<LoadSummary> {
  const ends = END_ASES.map((name) => ases.find((ase) => ase.name === name)!);
  say(`${scenario}: the board Load test shows it as it goes`);
  return runK6({
    k6,
    scenario,
    otlpEndpoint: `${LOOPBACK}:${settings.ports.COLLECTOR_OTLP_GRPC_PORT}`,
    environment: {
      ...loadEnvironment({ scenario, seed: options.seed, ases: ends }),
      LOAD_MINUTES: String(options.minutes ?? ''),
      LOAD_RATE: String(options.rate ?? ''),
      ...secrets,
    },
    say,
    signal,
  });
}

/** Looks until all is equal, or until everything had time enough to arrive. */
async function settled(playground: Playground, record: LoadRecord, context: Context): Promise<TruthRow[]> {
  let rows: TruthRow[] = [];
  const look = async () => {
    rows = await compareLoad(playground, record);
    return rows.every(({ equal }) => equal) ? undefined : 'k6’s counts in Prometheus';
  };
  await waitFor(look, { timeoutMs: ARRIVED_WITHIN_MS, ...context }).catch((error) => {
    if (!(error instanceof WaitedTooLong)) throw error;
  });
  return rows;
}

function countsIn(summary: LoadSummary): LoadCount[] {
  const of = (metric: string, quantity: LoadCount['quantity']) =>
    countsOf(summary, metric)
      .filter(({ labels }) => labels.ase !== undefined)
      .map(({ labels: { ase = '', ...labels }, count }) => ({ ase, quantity, labels, value: String(count) }));
  return [...of('load_payments', 'k6_load_payments_total'), ...of('load_units', 'k6_load_units_total')];
}

function scenarioOf(word: string | undefined): Scenario {
  const result = z.enum(SCENARIOS).safeParse(word ?? 'smoke');
  if (result.success) return result.data;
  throw new UsageError(`there is no scenario ${JSON.stringify(word)}: ${SCENARIOS.join(', ')}`);
}
