import { type AssertedCell, assertedCells, expectedText } from '../../../grafana/src/assertedCells.ts';
import type { Reading as CellReading, ShownAses } from '../../../grafana/src/cells.ts';
import { NETWORK_LABEL, type NetworkCounter, type NetworkName } from '../../../telemetry/networkCatalogue.ts';
import type { Admin } from '../admin.ts';
import { VerbError } from '../errors.ts';
import type { Playground } from '../playground.ts';
import { ensureBrowser } from '../tools/browser.ts';
import { pause, type Quiet } from './quiet.ts';
import { openBoardReader, type ShownText } from './readPanels.ts';
import { keyOf, type TruthRow } from './row.ts';
import { chooseInstant, type ReadCell, windowReader } from './windows.ts';

interface Context {
  say: (line: string) => void;
  signal: AbortSignal;
}

/** Every event is in a sample by then. */
const EXPORTED_AFTER_MS = 1500;
const INSTANT_WITHIN_MS = 20_000;
const SHOWN_WITHIN_MS = 120_000;
/** How much of the past the boards' lines show; the numbers do not depend on it. */
const RANGE_MS = 15 * 60_000;

/** Adds what the panels show to the rows: a total joins its row, everything else is a row of its own. */
export async function comparePanels(
  playground: Playground,
  admins: readonly Admin[],
  quiet: Quiet,
  rows: readonly TruthRow[],
  context: Context,
): Promise<TruthRow[]> {
  const executable = await ensureBrowser(context);
  const instantMs = await findInstant(playground, admins, quiet, context);
  const read = await windowReader(playground, admins, shownTotals(rows), instantMs);
  const cells = assertedCells(withNetworks(playground.ases, rows));
  const shown = await readBoards(executable, playground, cells, read, instantMs, context);
  return joinPanels(rows, cells, shown, read);
}

/** What panels have to show: what the ledger says, and of what networks are told, what they were told. */
function shownTotals(rows: readonly TruthRow[]): Map<string, string> {
  return new Map(
    rows.flatMap((row) => {
      const total = row.error === undefined ? row.ledger : row.sdk;
      return total === null ? [] : [[keyOf(row), total]];
    }),
  );
}

/** The ASEs, with the network of each whose telemetry was compared. */
function withNetworks(ases: Playground['ases'], rows: readonly TruthRow[]): ShownAses {
  const probe: NetworkCounter = 'transactions_total';
  return ases.map(({ name, assetCode, peers }) => {
    const network = rows.find(({ quantity, ase }) => quantity === probe && ase === name)?.labels[
      NETWORK_LABEL
    ];
    return { name, assetCode, peers, ...(network !== undefined && { network: network as NetworkName }) };
  });
}

/** Puts cells and rows together. Pure, so that every way to be unequal can be tried. */
export function joinPanels(
  rows: readonly TruthRow[],
  cells: readonly AssertedCell[],
  shown: readonly ShownText[],
  read: ReadCell,
): TruthRow[] {
  const joined = rows.map((row) => ({ ...row }));
  const byKey = new Map(joined.map((row) => [keyOf(row), row]));
  for (const [i, cell] of cells.entries()) {
    const panel = shown[i] ?? null;
    const where = placeOf(cell);
    const total = totalOf(cell);
    const row =
      total && byKey.get(keyOf({ ase: total.instance, quantity: total.quantity, labels: total.labels }));
    if (row && row.where === null) {
      row.equal &&= panel === expectedText(cell, read);
      Object.assign(row, { panel, where });
    } else {
      const ledger = expectedText(cell, read);
      joined.push({ ...subjectOf(cell), ledger, ...NO_PIPELINE, panel, equal: panel === ledger, where });
    }
  }
  return joined;
}

const NO_PIPELINE = { sdk: null, collector: null, prometheus: null };

/** The one lifetime total that a cell shows, if it shows just that. */
function totalOf({ value }: AssertedCell): CellReading | undefined {
  return value.kind === 'sum' && value.of.length === 1 && value.of[0]!.window === 'total'
    ? value.of[0]
    : undefined;
}

function subjectOf({ value }: AssertedCell): Pick<TruthRow, 'quantity' | 'ase' | 'labels'> {
  const readings =
    value.kind === 'sum'
      ? value.of
      : value.kind === 'average'
        ? [...value.total, ...value.count]
        : value.whole;
  const first = readings[0]!;
  const ases = new Set(readings.map(({ instance }) => instance));
  return {
    quantity: first.quantity,
    ase: ases.size === 1 ? first.instance : 'all',
    labels: { ...(readings.length === 1 ? first.labels : {}), window: first.window, formula: value.kind },
  };
}

function placeOf({ boardUid, panelTitle, place }: AssertedCell): string {
  const cell = place === 'panel' ? [] : [Object.values(place.row).join(' '), place.column];
  return [boardUid, panelTitle, ...cell].join(' › ');
}

/** A board as its cells want it: those of one page are read at once. */
function pageOf({ boardUid, variables = {} }: AssertedCell): string {
  return [boardUid, ...Object.entries(variables).map((pair) => pair.join('='))].join(', ');
}

async function findInstant(
  playground: Playground,
  admins: readonly Admin[],
  { sinceMs }: Quiet,
  { signal, say }: Context,
): Promise<number> {
  const startMs = Date.now();
  const deadline = startMs + INSTANT_WITHIN_MS;
  // What networks are told comes later than that, but has come by now: the hops before the panels are equal, or never.
  let fromMs = Math.max(sinceMs + EXPORTED_AFTER_MS, startMs);
  while (Date.now() < deadline) {
    const toMs = Date.now();
    if (toMs > fromMs) {
      const instantMs = await chooseInstant(playground, admins, { fromMs, toMs });
      if (instantMs !== undefined) return instantMs;
      say('  looking for an instant at which no window begins amid a payment');
      fromMs = toMs;
    }
    await pause(200, signal);
  }
  throw new VerbError('no instant was found at which no window begins amid a payment', [
    'the traffic was too dense an hour, a day or a week ago: try again in a few seconds',
  ]);
}

async function readBoards(
  executable: string,
  { dashboardsUrl, ases }: Pick<Playground, 'dashboardsUrl' | 'ases'>,
  cells: readonly AssertedCell[],
  read: ReadCell,
  instantMs: number,
  { say }: Context,
): Promise<ShownText[]> {
  const shown: ShownText[] = [];
  const reader = await openBoardReader(executable, {
    dashboardsUrl,
    instances: ases.map(({ name }) => name),
  });
  try {
    const pages = Map.groupBy(cells.keys(), (i) => pageOf(cells[i]!));
    for (const [page, indexes] of pages) {
      const onBoard = indexes.map((i) => cells[i]!);
      say(`  reading ${onBoard.length} numbers on the board ${page}`);
      const expected = onBoard.map((cell) => expectedText(cell, read));
      const isDone = (texts: ShownText[]) => texts.every((text, i) => text === expected[i]);
      const range = { fromMs: instantMs - RANGE_MS, toMs: instantMs };
      const texts = await reader.read(onBoard, range, isDone, SHOWN_WITHIN_MS);
      for (const [i, text] of texts.entries()) shown[indexes[i]!] = text;
    }
    return shown;
  } finally {
    await reader.close();
  }
}
