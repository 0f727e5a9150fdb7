import type { Account, Ledger, Total } from '../ledger/types.ts';
import type { PeerSettings } from '../settings.ts';

/** A quantity that telemetry shows as a gauge, as the books have it. */
export interface GaugeReading {
  quantity:
    | 'account_balance_units'
    | 'account_credit_limit_units'
    | 'connector_last_error_timestamp_seconds'
    | 'settlement_chain_balance_units'
    | 'payment_channels_active';
  labels: Record<string, string>;
  value: string;
}

/** What will still change the books. */
interface InFlight {
  payments: number;
  packets: number;
  settlements: number;
}

export interface LedgerReport {
  ase: string;
  asOf: string;
  totals: Array<Omit<Total, 'value'> & { value: string }>;
  gauges: GaugeReading[];
  accounts: object[];
  inFlight: InFlight;
  /** Empty when the books are right. */
  audit: string[];
  lastErrorTimestampSeconds: number;
}

export interface LedgerReportContext {
  ase: string;
  ledger: Ledger;
  auditPayments: () => string[];
  inFlight: () => InFlight;
  settlementGauges: () => GaugeReading[];
  lastErrorTimestampSeconds: () => number;
}

/** The state of the books at one moment: no commit can come between its parts. */
export function reportLedger(context: LedgerReportContext): LedgerReport {
  const { ledger } = context;
  const lastErrorTimestampSeconds = context.lastErrorTimestampSeconds();
  return {
    ase: context.ase,
    asOf: new Date().toISOString(),
    totals: ledger.totals().map((total) => ({ ...total, value: total.value.toString() })),
    gauges: [
      ...ledger.accounts('peer').flatMap(peerGauges),
      ...context.settlementGauges(),
      {
        quantity: 'connector_last_error_timestamp_seconds',
        labels: {},
        value: String(lastErrorTimestampSeconds),
      },
    ],
    accounts: REPORTED_KINDS.flatMap((kind) => ledger.accounts(kind)).map(accountJson),
    inFlight: context.inFlight(),
    audit: [...ledger.audit(), ...context.auditPayments()],
    lastErrorTimestampSeconds,
  };
}

// Not the account of every single payment: they are many, and those that have ended are empty.
const REPORTED_KINDS = [
  'external',
  'fees',
  'liquidity',
  'peer',
  'wallet',
  'chain',
  'chainfees',
  'channel',
  'claims',
  'settled',
] as const;

/** What telemetry shows of a peer's account. */
export function peerGauges(account: Account): GaugeReading[] {
  const labels = { peer_id: account.id.slice('peer:'.length), token_id: account.assetCode };
  const limitUnits = account.minBalanceUnits === null ? 0n : -account.minBalanceUnits;
  return [
    { quantity: 'account_balance_units', labels, value: account.balanceUnits.toString() },
    { quantity: 'account_credit_limit_units', labels, value: limitUnits.toString() },
  ];
}

const accountJson = (account: Account): object =>
  Object.fromEntries(
    Object.entries(account).map(([key, value]) => [
      key,
      typeof value === 'bigint' ? value.toString() : value,
    ]),
  );

const settlementJson = (terms: object): object =>
  Object.fromEntries(Object.entries(terms).map(([key, value]) => [key, String(value)]));

/** The peers and how the ASE stands with each. */
export function reportPeers(peers: readonly PeerSettings[], ledger: Ledger): object[] {
  return peers.map((peer) => {
    const account = ledger.read.account(`peer:${peer.id}`);
    return {
      ...peer,
      creditLimitUnits: peer.creditLimitUnits.toString(),
      maxPacketAmountUnits: peer.maxPacketAmountUnits.toString(),
      ...(peer.settlement && { settlement: settlementJson(peer.settlement) }),
      ...(account && { balanceUnits: account.balanceUnits.toString() }),
    };
  });
}
