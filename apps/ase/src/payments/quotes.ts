import { randomUUID } from 'node:crypto';
import type { AssetRef, RatesSource } from '../connector/types.ts';
import type { Ledger, LedgerTx } from '../ledger/types.ts';
import type { Fraction } from '../rates/fraction.ts';
import type { OperatorMetrics } from '../telemetry/operatorMetrics.ts';
import type { TraceSpan, Tracing } from '../tracing/tracing.ts';
import { PaymentsError } from './errors.ts';
import { hostAddress, PacketLimits } from './packetLimits.ts';
import { type Plugin, probePath } from './pathProbe.ts';
import { keepTrace, pruneTraces } from './paymentTraces.ts';
import { deliveredBy, type Fee, feeFor, type Path, sourceToDeliver, sourceWithinDebit } from './quoteMath.ts';
import type { Receiver, Receivers } from './receivers.ts';
import { createRecent } from './recent.ts';

export interface Quote {
  id: string;
  wallet: string;
  /** URL of the incoming payment. */
  receiver: string;
  /** What leaves the wallet at most, fee included. */
  debitUnits: bigint;
  feeUnits: bigint;
  /** What arrives, in the receiver's asset. */
  receiveUnits: bigint;
  receiveAsset: AssetRef;
  path: Path;
  /** Where its trace stands, on a new quote that is traced. */
  traceparent?: string | undefined;
  expiresAtMs: number;
  createdAtMs: number;
}

export interface QuoteRequest {
  wallet: string;
  receiver: string;
  /** At most one of the two; with neither the quote is for what the receiver still misses. */
  debitUnits?: bigint | undefined;
  receiveAmount?: { value: bigint; asset: AssetRef } | undefined;
}

export type Quotes = ReturnType<typeof createQuotes>;

/** A path whose rate is further below the market's than this is refused. */
const SLIPPAGE_PERCENT = 1n;
const MAX_UNITS = 2n ** 63n - 1n;
/** What was measured so shortly ago need not be measured again: under load one probe a second serves all quotes. */
const PATH_GOOD_FOR_MS = 1_000;
const MAX_PATHS = 1_000;

/** Makes quotes by measuring the path to the receiver, and keeps them. */
export function createQuotes(options: {
  ledger: Ledger;
  asset: AssetRef;
  fee: Fee;
  ttlMs: number;
  receivers: Receivers;
  rates: RatesSource;
  pluginFor: (span: TraceSpan | undefined) => Plugin;
  metrics: OperatorMetrics;
  /** Left out: nothing is traced. */
  tracing?: Pick<Tracing, 'root'> | undefined;
  nowMs?: () => number;
}) {
  const { ledger, asset, fee, receivers, rates, pluginFor, metrics, tracing } = options;
  const nowMs = options.nowMs ?? Date.now;
  const knownLimits = new PacketLimits(nowMs);
  const measured = createRecent<Path>({ most: MAX_PATHS, forMs: PATH_GOOD_FOR_MS, nowMs });

  async function pathTo(receiver: Receiver, span: TraceSpan | undefined): Promise<Path> {
    const market = rates.ratio(asset, receiver.asset);
    // With another rate of the market the path gives another one too.
    const { assetCode, assetScale } = receiver.asset;
    const rate = `${market.numerator}/${market.denominator}`;
    const key = [hostAddress(receiver.ilpAddress), assetCode, assetScale, rate].join(' ');
    const known = measured.get(key);
    span?.set({ 'quote.path': known ? 'known' : 'measured' });
    const path = known ?? (await measure(receiver, market, span));
    if (!known) measured.set(key, path);
    return path;
  }

  async function measure(receiver: Receiver, market: Fraction, span: TraceSpan | undefined): Promise<Path> {
    const path = await probePath(pluginFor(span), receiver, knownLimits.get(receiver.ilpAddress));
    knownLimits.set(receiver.ilpAddress, path.maxPacketUnits);
    const isWorse =
      path.high.numerator * market.denominator * 100n <
      market.numerator * path.high.denominator * (100n - SLIPPAGE_PERCENT);
    if (isWorse) {
      const reason = `The path to the receiver gives a rate more than ${SLIPPAGE_PERCENT} % below the market`;
      throw new PaymentsError('rate_probe_failed', reason);
    }
    return path;
  }

  /** What shall arrive or be spent, checked against the receiver before any packet is sent. */
  function wanted(
    request: QuoteRequest,
    receiver: Receiver,
  ): { debitUnits: bigint } | { receiveUnits: bigint } {
    if (receiver.completed || (receiver.expiresAtMs !== null && receiver.expiresAtMs <= nowMs())) {
      throw new PaymentsError('receiver_closed', 'is completed or expired', 'receiver');
    }
    if (request.debitUnits !== undefined) return { debitUnits: request.debitUnits };
    const missing =
      receiver.incomingUnits === null ? undefined : receiver.incomingUnits - receiver.receivedUnits;
    if (!request.receiveAmount) {
      if (missing !== undefined) return { receiveUnits: missing };
      const reason = 'is needed (or debitAmount), because the receiver does not name an amount';
      throw new PaymentsError('invalid_request', reason, 'receiveAmount');
    }
    const { value, asset: given } = request.receiveAmount;
    const { assetCode, assetScale } = receiver.asset;
    if (given.assetCode !== assetCode || given.assetScale !== assetScale) {
      const reason = `must be in the receiver's asset, ${assetCode} with scale ${assetScale}`;
      throw new PaymentsError('invalid_request', reason, 'receiveAmount');
    }
    if (missing !== undefined && value > missing) {
      const reason = `is more than the ${missing} that the receiver still takes`;
      throw new PaymentsError('invalid_request', reason, 'receiveAmount.value');
    }
    return { receiveUnits: value };
  }

  async function make(request: QuoteRequest, span: TraceSpan | undefined): Promise<Quote> {
    const startedAtMs = performance.now();
    const asking = span?.span('receiver.get', { kind: 'client' });
    const receiver = await receivers.get(request.receiver).finally(() => asking?.end());
    const target = wanted(request, receiver);
    const path = await pathTo(receiver, span);
    const amounts =
      'debitUnits' in target
        ? fixedSend(target.debitUnits, fee, path, receiver)
        : fixedReceive(target.receiveUnits, fee, path);
    const createdAtMs = nowMs();
    metrics.record('quote_duration_seconds', {}, (performance.now() - startedAtMs) / 1000, span);
    return {
      id: randomUUID(),
      wallet: request.wallet,
      receiver: request.receiver,
      ...amounts,
      receiveAsset: receiver.asset,
      path,
      traceparent: span?.header,
      expiresAtMs: createdAtMs + options.ttlMs,
      createdAtMs,
    };
  }

  return {
    /** Measures and computes, without writing anything. Throws a PaymentsError or RatesUnavailableError. */
    async prepare(request: QuoteRequest): Promise<Quote> {
      const span = tracing?.root('quote', { attributes: { 'ilp.asset': asset.assetCode } });
      try {
        const quote = await make(request, span);
        span?.set({ 'quote.id': quote.id, 'ilp.amount': String(quote.debitUnits - quote.feeUnits) });
        span?.end();
        return quote;
      } catch (error) {
        span?.end(error instanceof PaymentsError ? error.code : 'internal');
        throw error;
      }
    },

    insert(tx: LedgerTx, quote: Quote): void {
      if (quote.traceparent !== undefined) keepTrace(tx, quote.id, quote.traceparent);
      tx.sql.run(
        `INSERT INTO quotes (id, wallet, receiver, debit_units, fee_units, receive_units, receive_asset_code,
           receive_asset_scale, path, expires_at_ms, created_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        quote.id,
        quote.wallet,
        quote.receiver,
        quote.debitUnits,
        quote.feeUnits,
        quote.receiveUnits,
        quote.receiveAsset.assetCode,
        BigInt(quote.receiveAsset.assetScale),
        encodePath(quote.path),
        BigInt(quote.expiresAtMs),
        BigInt(quote.createdAtMs),
      );
    },

    get: (id: string): Quote | undefined => readQuote(ledger.read, id),

    /** Forgets quotes that nobody used and that ended before `beforeMs`. */
    prune: (beforeMs: number): Promise<unknown> =>
      ledger.commit((tx) => {
        tx.sql.run('DELETE FROM quotes WHERE payment_id IS NULL AND expires_at_ms < ?', BigInt(beforeMs));
        pruneTraces(tx, beforeMs);
      }),
  };
}

/** Reads a quote, committed or inside a commit. */
export function readQuote(reader: Pick<Ledger['read'], 'get'>, id: string): Quote | undefined {
  const row = reader.get<QuoteRow>('SELECT * FROM quotes WHERE id = ?', id);
  return (
    row && {
      id: row.id,
      wallet: row.wallet,
      receiver: row.receiver,
      debitUnits: row.debit_units,
      feeUnits: row.fee_units,
      receiveUnits: row.receive_units,
      receiveAsset: { assetCode: row.receive_asset_code, assetScale: Number(row.receive_asset_scale) },
      path: decodePath(row.path),
      expiresAtMs: Number(row.expires_at_ms),
      createdAtMs: Number(row.created_at_ms),
    }
  );
}

interface QuoteRow {
  id: string;
  wallet: string;
  receiver: string;
  debit_units: bigint;
  fee_units: bigint;
  receive_units: bigint;
  receive_asset_code: string;
  receive_asset_scale: bigint;
  path: string;
  expires_at_ms: bigint;
  created_at_ms: bigint;
}

type Amounts = Pick<Quote, 'debitUnits' | 'feeUnits' | 'receiveUnits'>;

function fixedSend(debitUnits: bigint, fee: Fee, path: Path, receiver: Receiver): Amounts {
  const sourceUnits = sourceWithinDebit(debitUnits, fee);
  const receiveUnits = sourceUnits > 0n ? deliveredBy(sourceUnits, path) : 0n;
  if (receiveUnits <= 0n) {
    throw new PaymentsError(
      'invalid_request',
      'is too small: after the fee nothing arrives',
      'debitAmount.value',
    );
  }
  if (receiver.incomingUnits !== null && receiveUnits > receiver.incomingUnits - receiver.receivedUnits) {
    const missing = receiver.incomingUnits - receiver.receivedUnits;
    const reason = `delivers ${receiveUnits}, more than the ${missing} that the receiver still takes`;
    throw new PaymentsError('invalid_request', reason, 'debitAmount.value');
  }
  return { debitUnits, feeUnits: debitUnits - sourceUnits, receiveUnits };
}

function fixedReceive(receiveUnits: bigint, fee: Fee, path: Path): Amounts {
  const sourceUnits = sourceToDeliver(receiveUnits, path);
  if (sourceUnits === undefined) {
    throw new PaymentsError('rate_probe_failed', 'The path to the receiver delivers nothing');
  }
  const feeUnits = feeFor(sourceUnits, fee);
  const debitUnits = sourceUnits + feeUnits;
  if (debitUnits > MAX_UNITS) {
    throw new PaymentsError('invalid_request', 'is too large to be paid from here', 'receiveAmount.value');
  }
  return { debitUnits, feeUnits, receiveUnits };
}

const encodePath = ({ low, high, maxPacketUnits }: Path): string =>
  [low.numerator, low.denominator, high.numerator, high.denominator, maxPacketUnits].join(' ');

function decodePath(text: string): Path {
  const [a = 0n, b = 1n, c = 0n, d = 1n, maxPacketUnits = 0n] = text.split(' ').map(BigInt);
  return { low: { numerator: a, denominator: b }, high: { numerator: c, denominator: d }, maxPacketUnits };
}
