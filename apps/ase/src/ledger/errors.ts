export type LedgerErrorCode =
  /** A debit would take an account below its minimum, reservations counted. */
  | 'insufficient_balance'
  /** A credit would take an account above its maximum, or a sum out of the range of a 64-bit integer. */
  | 'limit_exceeded'
  /** The transfer was posted or voided before, or never prepared. */
  | 'not_pending'
  | 'duplicate_transfer'
  | 'unknown_account'
  | 'asset_mismatch'
  /** No legs, a negative amount, or a leg from an account to itself. */
  | 'invalid_transfer'
  /** A total would pass 2^53 - 1, above which telemetry cannot carry it exactly. */
  | 'total_overflow'
  /** The disk did not take the commit (full, broken) or the ledger is closed: nothing was changed, try again later. */
  | 'unavailable'
  /** Another process holds the ledger file. */
  | 'locked'
  /** The file was written by a newer version of this program. */
  | 'newer_schema';

/** A refused or failed ledger operation; nothing of the work it was part of happened. */
export class LedgerError extends Error {
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LedgerError';
    this.code = code;
  }
}
