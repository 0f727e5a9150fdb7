import type { NetworkCounter, NetworkName } from '../../../../../telemetry/networkCatalogue.ts';
import { MECHANISMS, type MechanismName } from '../privacy/mechanism.ts';
import type { CollectorHealth } from './collectorReader.ts';
import type { Sums } from './outbox.ts';
import type { Quantity, ReleasedState } from './releasedState.ts';
import type { Releases } from './releases.ts';
import type { NetworkSettings } from './settings.ts';

type Totals = Record<NetworkCounter, bigint>;
type TotalsJson = Record<NetworkCounter, string>;

/** How far a published total may be from the truth: at 99.9 % confidence. */
export const FAILURE_PROBABILITY = 0.001;

/** What GET /admin/network answers: the truth, what was told of it, and how far apart the two may be. */
export type NetworkReport =
  | { enabled: false; network: NetworkName }
  | {
      enabled: true;
      network: NetworkName;
      instance: string;
      mechanism: MechanismName;
      epsilon: number;
      exportIntervalMs: number;
      /** By the ledger, up to this moment. */
      exact: TotalsJson;
      /** The same by the ASE's own count, which shares no code with the ledger's: the two are compared. */
      counted: TotalsJson;
      /** What the network is told, as of the last release. */
      published: TotalsJson;
      /** |published - exact| stays below it once nothing waits; null where no bound can be given. */
      bounds: Record<NetworkCounter, string | null>;
      /** The bound of transactions_amount_total. */
      boundUnits: string | null;
      /** Packets and payments that the next release takes in. */
      waiting: number;
      collectors: CollectorHealth[];
      problem: string | null;
    };

/** What GET and PUT /admin/privacy answer. Numbers that are infinite are null. */
export type PrivacyReport =
  | { enabled: false; network: NetworkName }
  | {
      enabled: true;
      network: NetworkName;
      mechanism: MechanismName;
      epsilon: number;
      clipUnits: string;
      /** The value of all packets that were taken in, in base units. */
      trueUnits: string;
      /** What was sent of it. */
      sentUnits: string;
      mechanisms: Array<{
        name: MechanismName;
        chosen: boolean;
        publishedUnits: string;
        /** Published less true. */
        errorUnits: string;
        boundUnits: string | null;
        epsilonSpent: number | null;
      }>;
    };

/** The truth: what was taken in, and what still waits. */
export function exactTotals(sums: Sums): Totals {
  return totals(sums, { amount: sums.amountUnits, fee: sums.feeUnits });
}

/** What the network is told. Counts are exact, amounts are what the chosen mechanisms made of them. */
export function publishedTotals({ sums, sent }: Pick<ReleasedState, 'sums' | 'sent'>): Totals {
  return totals(sums, sent);
}

function totals({ fulfilled, rejected, transactions }: Sums, amounts: Record<Quantity, bigint>): Totals {
  return {
    transactions_total: transactions,
    transactions_amount_total: amounts.amount,
    packet_count_prepare_total: fulfilled + rejected,
    packet_count_fulfill_total: fulfilled,
    packet_count_reject_total: rejected,
    packet_amount_fulfill_total: amounts.amount,
    transaction_fee_amounts_total: amounts.fee,
  };
}

export function reportNetwork(
  settings: NetworkSettings,
  releases: Releases,
  now: {
    exact: Totals;
    counted: Totals;
    published: Totals;
    waiting: number;
    collectors: CollectorHealth[];
    problem: string | undefined;
  },
): NetworkReport {
  const { chosen, epsilon } = releases.state;
  const amountBound = boundOf(releases, 'amount');
  const feeBound = boundOf(releases, 'fee');
  return {
    enabled: true,
    network: settings.network,
    instance: settings.instanceName,
    mechanism: chosen,
    epsilon,
    exportIntervalMs: settings.exportIntervalMs,
    exact: asText(now.exact),
    counted: asText(now.counted),
    published: asText(now.published),
    bounds: {
      transactions_total: '0',
      transactions_amount_total: amountBound,
      packet_count_prepare_total: '0',
      packet_count_fulfill_total: '0',
      packet_count_reject_total: '0',
      packet_amount_fulfill_total: amountBound,
      transaction_fee_amounts_total: feeBound,
    },
    boundUnits: amountBound,
    waiting: now.waiting,
    collectors: now.collectors,
    problem: now.problem ?? null,
  };
}

export function reportPrivacy(settings: NetworkSettings, releases: Releases): PrivacyReport {
  const { chosen, epsilon, sums, sent, released, configured } = releases.state;
  return {
    enabled: true,
    network: settings.network,
    mechanism: chosen,
    epsilon,
    clipUnits: configured.clipUnits.toString(),
    trueUnits: sums.amountUnits.toString(),
    sentUnits: sent.amount.toString(),
    mechanisms: MECHANISMS.map((name) => {
      const mechanism = releases.mechanism('amount', name);
      const spent = mechanism.epsilonSpent();
      return {
        name,
        chosen: name === chosen,
        publishedUnits: released.amount[name].toString(),
        errorUnits: (released.amount[name] - sums.amountUnits).toString(),
        boundUnits: mechanism.errorBound(FAILURE_PROBABILITY)?.toString() ?? null,
        epsilonSpent: Number.isFinite(spent) ? spent : null,
      };
    }),
  };
}

/** The mechanism's own bound, and what other mechanisms left behind when this one was chosen after them. */
function boundOf(releases: Releases, quantity: Quantity): string | null {
  const { chosen, sent, released } = releases.state;
  const bound = releases.mechanism(quantity, chosen).errorBound(FAILURE_PROBABILITY);
  if (bound === undefined) return null;
  const carried = sent[quantity] - released[quantity][chosen];
  return (bound + (carried < 0n ? -carried : carried)).toString();
}

const asText = (exact: Totals): TotalsJson =>
  Object.fromEntries(Object.entries(exact).map(([name, value]) => [name, value.toString()])) as TotalsJson;
