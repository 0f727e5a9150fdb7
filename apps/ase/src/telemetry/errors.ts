export type TelemetryErrorCode =
  /** Below zero where only growth makes sense, not finite, or an integer above 2^53 - 1; it is not counted. */
  | 'bad_value'
  /** A total would pass 2^53 - 1, which telemetry cannot carry exactly; it stays where it was. */
  | 'total_not_exact'
  /** More label sets than the limit: further ones are counted under `_OTHER`. */
  | 'too_many_label_sets'
  /** A gauge's reader threw. */
  | 'observer_failed'
  /** The collector does not take our metrics; totals wait and arrive with the next export that works. */
  | 'export_failed'
  /** Network telemetry: what happened could not be taken through the privacy mechanisms; it waits for the next time. */
  | 'network_release_failed'
  /** Network telemetry: so much waits that nothing more is taken; what happens now will be missing. */
  | 'network_outbox_full';

/** Something is wrong with telemetry. It is reported, never thrown into a payment. */
export class TelemetryError extends Error {
  readonly code: TelemetryErrorCode;

  constructor(code: TelemetryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TelemetryError';
    this.code = code;
  }
}

/** Told of each kind of trouble once a metric, and of a failing export when it starts failing. */
export type TelemetryErrorListener = (error: TelemetryError) => void;
