/** What can be wrong with a request about payments; the API gives each its HTTP status. */
export type PaymentsErrorCode =
  | 'invalid_request'
  | 'not_found'
  | 'invalid_state'
  | 'insufficient_funds'
  | 'quote_expired'
  | 'quote_used'
  | 'receiver_not_allowed'
  | 'receiver_invalid'
  | 'receiver_unavailable'
  | 'receiver_closed'
  | 'rate_probe_failed';

/** A request that is refused and changes nothing. `field` names the member of the request that is at fault. */
export class PaymentsError extends Error {
  readonly code: PaymentsErrorCode;
  readonly field: string | undefined;
  constructor(code: PaymentsErrorCode, message: string, field?: string) {
    super(message);
    this.name = 'PaymentsError';
    this.code = code;
    this.field = field;
  }
}
