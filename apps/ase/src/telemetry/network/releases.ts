import type { Ledger, LedgerTx } from '../../ledger/types.ts';
import { createMechanism, MECHANISMS, type Mechanism, type MechanismName } from '../privacy/mechanism.ts';
import { addSums, isEmpty, NO_SUMS, type Notes, type Sums, sumOf, takeOldest } from './outbox.ts';
import {
  parseReleased,
  perMechanism,
  perQuantity,
  QUANTITIES,
  type Quantity,
  type ReleasedState,
  serializeReleased,
} from './releasedState.ts';
import type { NetworkSettings } from './settings.ts';

/** What one commit took out of the outbox, and what it made known. */
export interface Release {
  amountUnits: bigint;
  /** How much each mechanism's total of the amounts grew. */
  publishedUnits: Record<MechanismName, bigint>;
  /** Packets without a rate, by their asset. */
  unconverted: Map<string, bigint>;
}

/** Takes what happened out of the outbox, through the privacy mechanisms, and keeps what may be told. */
export interface Releases {
  /** As of the newest release that is on disk. */
  readonly state: Readonly<ReleasedState>;
  mechanism(quantity: Quantity, name: MechanismName): Mechanism;
  /**
   * Ends an export interval. All mechanisms take in the same amounts, so that they can be compared; where nothing
   * happened nothing is released. Rejects when the ledger does not take it: the next release does it then.
   */
  release(): Promise<void>;
  /** Chooses another mechanism or ε. What was sent never goes down by it. */
  choose(change: { mechanism?: MechanismName; epsilon?: number }): Promise<void>;
}

/** Packets taken in by one commit, or as many more as one row has: few enough that none waits for long behind it. */
const CHUNK = 2_500;
const MAX_TOTAL = 2n ** 53n - 1n;

/** Throws when what is stored cannot be read. */
export function createReleases({
  ledger,
  privacy: configured,
  onCommitted,
}: {
  ledger: Ledger;
  privacy: NetworkSettings['privacy'];
  /** Told of each commit of a release, after it is on disk. */
  onCommitted: (release: Release) => void;
}): Releases {
  const { clipUnits } = configured;
  let state = startState(ledger, configured);
  let mechanisms = restore(ledger, state.epsilon, clipUnits);
  /** Releases and choices come one after the other. */
  let turn: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work);
    turn = result.catch(() => {});
    return result;
  }

  /** A commit that changes mechanisms and state together; when it fails, both are as they were. */
  async function commit<T>(work: (tx: LedgerTx, next: ReleasedState) => T): Promise<T> {
    const next = structuredClone(state);
    try {
      const result = await ledger.commit((tx) => {
        const done = work(tx, next);
        save(tx, next, mechanisms);
        return done;
      });
      state = next;
      return result;
    } catch (error) {
      mechanisms = restore(ledger, state.epsilon, clipUnits);
      throw error;
    }
  }

  /** Takes in a chunk; the last one ends with the release itself. Says whether it was the last. */
  async function takeChunk(): Promise<boolean> {
    const { release, isLast } = await commit((tx, next) => {
      const { notes, isAll: isLast } = takeOldest(tx, CHUNK);
      feed(mechanisms, next, notes);
      const sums = sumOf(notes);
      next.sums = addSums(next.sums, sums);
      const release: Release = {
        amountUnits: sums.amountUnits,
        publishedUnits: isLast ? releaseAll(mechanisms, next) : perMechanism(() => 0n),
        unconverted: unconvertedOf(notes),
      };
      book(tx, release);
      return { release, isLast };
    });
    onCommitted(release);
    return isLast;
  }

  return {
    get state() {
      return state;
    },
    mechanism: (quantity, name) => mechanisms[quantity][name],

    release: () =>
      inTurn(async () => {
        if (isEmpty(ledger) && !QUANTITIES.some((quantity) => state.unreleased[quantity])) return;
        while (!(await takeChunk()));
      }),

    choose: ({ mechanism, epsilon }) =>
      inTurn(() =>
        commit((_tx, next) => {
          next.chosen = mechanism ?? next.chosen;
          if (epsilon === undefined || epsilon === next.epsilon) return;
          next.epsilon = epsilon;
          mechanisms = perQuantity((quantity) =>
            perMechanism((name) =>
              createMechanism(name, { epsilon, clipUnits }, mechanisms[quantity][name].state()),
            ),
          );
        }),
      ),
  };
}

/** All that the releases in the books have taken out of the outbox. */
export function releasedSums({ read }: Pick<Ledger, 'read'>): Sums {
  const row = read.get<{ state: string }>('SELECT state FROM network_released');
  return row ? parseReleased(row.state).sums : NO_SUMS;
}

type Mechanisms = Record<Quantity, Record<MechanismName, Mechanism>>;

function startState({ read }: Ledger, settings: NetworkSettings['privacy']): ReleasedState {
  const { mechanism: chosen, epsilon, clipUnits } = settings;
  const configured = { chosen, epsilon, clipUnits };
  const row = read.get<{ state: string }>('SELECT state FROM network_released');
  if (!row) {
    return {
      chosen,
      epsilon,
      configured,
      sums: NO_SUMS,
      sent: perQuantity(() => 0n),
      released: perQuantity(() => perMechanism(() => 0n)),
      unreleased: perQuantity(() => false),
    };
  }
  const stored = parseReleased(row.state);
  const before = stored.configured;
  return {
    ...stored,
    configured,
    ...(before.chosen !== chosen && { chosen }),
    ...(before.epsilon !== epsilon && { epsilon }),
  };
}

function restore({ read }: Ledger, epsilon: number, clipUnits: bigint): Mechanisms {
  const rows = read.all<{ quantity: string; mechanism: string; state: string }>(
    'SELECT quantity, mechanism, state FROM network_privacy',
  );
  return perQuantity((quantity) =>
    perMechanism((name) => {
      const row = rows.find((one) => one.quantity === quantity && one.mechanism === name);
      return createMechanism(name, { epsilon, clipUnits }, row && JSON.parse(row.state));
    }),
  );
}

function save(tx: LedgerTx, state: ReleasedState, mechanisms: Mechanisms): void {
  tx.sql.run('INSERT OR REPLACE INTO network_released (one, state) VALUES (1, ?)', serializeReleased(state));
  for (const quantity of QUANTITIES) {
    for (const name of MECHANISMS) {
      tx.sql.run(
        'INSERT OR REPLACE INTO network_privacy (quantity, mechanism, state) VALUES (?, ?, ?)',
        quantity,
        name,
        JSON.stringify(mechanisms[quantity][name].state()),
      );
    }
  }
}

/** Every mechanism takes in every amount. */
function feed(mechanisms: Mechanisms, next: ReleasedState, { amounts, fees }: Notes): void {
  for (const [quantity, all] of [
    ['amount', amounts],
    ['fee', fees],
  ] as const) {
    for (const units of all) {
      // One that is worth less than half a unit is counted and adds nothing.
      if (units === null || units === 0) continue;
      next.unreleased[quantity] = true;
      for (const name of MECHANISMS) mechanisms[quantity][name].add(BigInt(units));
    }
  }
}

function unconvertedOf({ unconverted }: Notes): Release['unconverted'] {
  const counts: Release['unconverted'] = new Map();
  for (const asset of unconverted) counts.set(asset, (counts.get(asset) ?? 0n) + 1n);
  return counts;
}

/** The new totals go out as increments to what was sent before, whichever mechanism made that. */
function releaseAll(mechanisms: Mechanisms, next: ReleasedState): Record<MechanismName, bigint> {
  const grown = perQuantity(() => perMechanism(() => 0n));
  for (const quantity of QUANTITIES) {
    if (!next.unreleased[quantity]) continue;
    next.unreleased[quantity] = false;
    for (const name of MECHANISMS) {
      const before = next.released[quantity][name];
      const released = mechanisms[quantity][name].release();
      // A mechanism promises never to go down; what is sent does not depend on its word.
      grown[quantity][name] = released > before ? released - before : 0n;
      next.released[quantity][name] = before + grown[quantity][name];
    }
    const sent = next.sent[quantity] + grown[quantity][next.chosen];
    next.sent[quantity] = sent < MAX_TOTAL ? sent : MAX_TOTAL;
  }
  return grown.amount;
}

/** The same in the totals that the operator's own metrics are compared with. */
function book(tx: LedgerTx, { amountUnits, publishedUnits, unconverted }: Release): void {
  tx.addTotal({ quantity: 'network_amount_true_units_total', labels: {}, by: amountUnits });
  for (const mechanism of MECHANISMS) {
    const labels = { mechanism };
    tx.addTotal({ quantity: 'network_amount_published_units_total', labels, by: publishedUnits[mechanism] });
  }
  for (const [asset, by] of unconverted) {
    tx.addTotal({ quantity: 'network_telemetry_unconverted_total', labels: { asset }, by });
  }
}
