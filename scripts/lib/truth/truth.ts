import type { Admin, LedgerReport } from '../admin.ts';
import type { Playground } from '../playground.ts';
import { compare } from './compare.ts';
import { comparePanels } from './panels.ts';
import { pause, type Quiet, signatureOf, waitForQuiet, withTrafficPaused } from './quiet.ts';
import { chainTruth } from './readChain.ts';
import { ledgerReadings, readCollector, readPrometheus, readSdk } from './readHops.ts';
import { loadTruth } from './readLoad.ts';
import { networkTruth } from './readNetwork.ts';
import type { TruthRow } from './row.ts';

export interface TruthReport {
  equal: boolean;
  /** Prometheus fetches the ASEs' own numbers from them: those rows have no collector. */
  pull: boolean;
  /** How many numbers were compared: the length of `rows`. */
  checked: number;
  rows: TruthRow[];
  /** What each ledger's audit of its own books found. */
  audit: { ase: string; problems: string[] }[];
  /** Hops that could not be read at all. */
  problems: string[];
  /** What was not compared, and why. */
  notes: string[];
}

interface Context {
  say: (line: string) => void;
  signal: AbortSignal;
}

/** Exports come every second, queues empty in a moment; a collector that was away for long may need some more. */
const SETTLE_WITHIN_MS = 30_000;
/** What has not moved for so many exports will not become equal by waiting. */
const STILL_FOR_MS = 10_000;
const POLL_MS = 250;
const PULLED =
  'Prometheus fetches from the ASEs (--pull): the collector is not on the way of their own numbers';
const SAY_EVERY_MS = 4000;

/** Compares every number that the ledgers know with what each hop makes of it, at a moment when nothing moves. */
export function truthOf(
  playground: Playground,
  options: { panels: boolean },
  context: Context,
): Promise<TruthReport> {
  return withTrafficPaused(playground, async (admins) => {
    context.say('waiting until nothing moves');
    const { quiet, rows, problems, notes } = await settle(playground, admins, context);
    const audit = quiet.ledgers.map(({ ase, audit }) => ({ ase, problems: audit }));
    const panels = options.panels ? await comparePanels(playground, admins, quiet, rows, context) : rows;
    const equal =
      panels.every((row) => row.equal) &&
      problems.length === 0 &&
      audit.every((one) => one.problems.length === 0);
    return { equal, pull: playground.pull, checked: panels.length, rows: panels, audit, problems, notes };
  });
}

interface Comparison {
  quiet: Quiet;
  rows: TruthRow[];
  problems: string[];
  notes: string[];
  /** Nothing can be expected to arrive sooner than this. */
  patienceMs: number;
}

/** Looks until all is equal, or until there was time enough for every sample to arrive. */
async function settle(
  playground: Playground,
  admins: readonly Admin[],
  context: Context,
): Promise<Comparison> {
  let quiet = await waitForQuiet(admins, context);
  const startedAtMs = Date.now();
  let sayAtMs = startedAtMs + SAY_EVERY_MS;
  let last = { seen: '', sinceMs: startedAtMs };
  for (;;) {
    const comparison = { quiet, ...(await compareOnce(playground, admins, quiet)) };
    const seen = JSON.stringify(comparison.rows);
    if (seen !== last.seen) last = { seen, sinceMs: Date.now() };
    const unchanged = signatureOf(await ledgersOf(admins)) === signatureOf(quiet.ledgers);
    if (unchanged) {
      if (comparison.rows.every(({ equal }) => equal)) return comparison;
      if (Date.now() - startedAtMs > SETTLE_WITHIN_MS + comparison.patienceMs) return comparison;
      if (Date.now() - last.sinceMs > STILL_FOR_MS + comparison.patienceMs) return comparison;
      if (Date.now() >= sayAtMs) {
        const unequal = comparison.rows.filter(({ equal }) => !equal).length;
        context.say(`  ${unequal} of ${comparison.rows.length} numbers not equal yet`);
        sayAtMs = Date.now() + SAY_EVERY_MS;
      }
      await pause(POLL_MS, context.signal);
    } else quiet = await waitForQuiet(admins, context);
  }
}

async function compareOnce(
  playground: Playground,
  admins: readonly Admin[],
  quiet: Quiet,
): Promise<Omit<Comparison, 'quiet'>> {
  const [sdk, collector, prometheus, network, chain, load] = await Promise.all([
    readSdk(playground.ases),
    playground.pull ? undefined : readCollector(playground),
    readPrometheus(playground, quiet.sinceMs),
    networkTruth(playground, admins, quiet.sinceMs),
    chainTruth(playground, admins),
    loadTruth(playground, admins),
  ]);
  const ledger = playground.ases.flatMap((ase, i) => ledgerReadings(ase, quiet.ledgers[i]!));
  const rows = compare({
    ledger,
    sdk: sdk.readings,
    ...(collector && { collector: collector.readings }),
    prometheus: prometheus.readings,
  });
  return {
    rows: [...rows, ...network.rows, ...chain.rows, ...load.rows],
    problems: [sdk, collector, prometheus, network, chain, load].flatMap((hop) => hop?.problems ?? []),
    notes: [...(playground.pull ? [PULLED] : []), ...network.notes, ...chain.notes, ...load.notes],
    patienceMs: network.exportIntervalMs,
  };
}

function ledgersOf(admins: readonly Admin[]): Promise<LedgerReport[]> {
  return Promise.all(admins.map((admin) => admin.ledger()));
}
