import { Errors, type IlpReject } from 'ilp-packet';
import type { ConnectorErrorType } from '../../../../telemetry/catalogue.ts';
import { LedgerError } from '../ledger/errors.ts';

/** The peer sent more value a second than it may. */
export class ThroughputExceededError extends Errors.InsufficientLiquidityError {}

/** The connector takes no packets: it is about to start or to stop. */
export class NotRunningError extends Errors.PeerBusyError {
  constructor() {
    super('the connector is not running');
  }
}

/** There is no exchange rate that may be used now. */
export class NoRateError extends Errors.InternalError {}

export type LinkErrorReason =
  /** No connection: the packet did not leave. */
  | 'not_sent'
  /** The peer answered that it did not look at the packet. */
  | 'refused'
  /** The packet may have been handled or not. */
  | 'no_answer';

/** A peer gave no ILP reply. */
export class LinkError extends Error {
  readonly reason: LinkErrorReason;

  constructor(reason: LinkErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LinkError';
    this.reason = reason;
  }
}

/** How this connector tells an error to the sender of the packet and to its own operator. */
export interface Refusal {
  reject: IlpReject;
  errorType: ConnectorErrorType;
}

/** The one place where errors become Rejects and get their name for telemetry. */
export function toRefusal(error: unknown, triggeredBy: string): Refusal {
  const { code, message, errorType, data } = explain(error);
  return {
    reject: {
      code,
      triggeredBy,
      message: message.slice(0, MAX_MESSAGE_CHARACTERS),
      data: data ?? Buffer.alloc(0),
    },
    errorType,
  };
}

interface Explanation {
  code: string;
  message: string;
  errorType: ConnectorErrorType;
  data?: Buffer | undefined;
}

const MAX_MESSAGE_CHARACTERS = 512;

function explain(error: unknown): Explanation {
  if (error instanceof ThroughputExceededError) return ofIlp(error, 'throughput_exceeded');
  if (error instanceof NoRateError) return ofIlp(error, 'rates_unavailable');
  if (error instanceof LedgerError) return ofLedger(error);
  if (isIlpError(error)) return ofIlp(error, TYPE_OF_CODE[error.ilpErrorCode] ?? 'internal');
  // What went wrong inside is not the sender's business.
  return { code: 'T00', message: 'internal error', errorType: 'internal' };
}

const TYPE_OF_CODE: Record<string, ConnectorErrorType> = {
  F00: 'invalid_packet',
  F01: 'invalid_packet',
  F02: 'unreachable',
  F05: 'wrong_fulfillment',
  F08: 'amount_too_large',
  R00: 'expired',
  R01: 'invalid_packet',
  R02: 'expired',
  T01: 'peer_unreachable',
  T02: 'peer_unreachable',
  T03: 'rate_limited',
  T04: 'insufficient_liquidity',
  T05: 'rate_limited',
};

function ofLedger({ code }: LedgerError): Explanation {
  if (code === 'insufficient_balance' || code === 'limit_exceeded' || code === 'invalid_transfer') {
    return { code: 'T04', message: 'not enough liquidity', errorType: 'insufficient_liquidity' };
  }
  return {
    code: 'T00',
    message: 'the ledger cannot take this packet',
    errorType: code === 'unavailable' ? 'ledger_unavailable' : 'internal',
  };
}

interface IlpError extends Error {
  ilpErrorCode: string;
  ilpErrorData?: Buffer;
}

const ofIlp = (error: IlpError, errorType: ConnectorErrorType): Explanation => ({
  code: error.ilpErrorCode,
  message: error.message,
  errorType,
  data: error.ilpErrorData,
});

const isIlpError = (error: unknown): error is IlpError =>
  error instanceof Error && 'ilpErrorCode' in error && typeof error.ilpErrorCode === 'string';
