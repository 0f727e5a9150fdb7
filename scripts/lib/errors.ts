/**
 * What a verb tells its user when it cannot go on: one line that says what to do, never a stack trace.
 * The exit code is 1 (it did not work, or the answer is no) unless the verb was used wrongly (2).
 */
export class VerbError extends Error {
  readonly exitCode: number;
  /** Further lines, when several things are wrong at once. */
  readonly details: readonly string[];

  constructor(message: string, details: readonly string[] = [], exitCode = 1) {
    super(message);
    this.name = 'VerbError';
    this.exitCode = exitCode;
    this.details = details;
  }
}

/** Wrong flags, values or settings. */
export class UsageError extends VerbError {
  constructor(message: string, details: readonly string[] = []) {
    super(message, details, 2);
    this.name = 'UsageError';
  }
}

/** Ctrl-C, or a SIGTERM from outside: 128 + the number of SIGINT, as shells report it. */
export class Interrupted extends VerbError {
  constructor() {
    super('interrupted', [], 130);
    this.name = 'Interrupted';
  }
}

export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch() hides what went wrong in its cause: "fetch failed" alone helps nobody.
  return error.cause instanceof Error && error.cause.message ? error.cause.message : error.message;
}
