import type { TelemetryError, TelemetryErrorListener } from '../errors.ts';

/** Trouble that lasts is told once, when it begins. */
export interface Trouble {
  begins(error: TelemetryError): void;
  ends(): void;
  /** In words, while it lasts. */
  now(): string | undefined;
}

export function createTrouble(onError: TelemetryErrorListener): Trouble {
  let current: TelemetryError | undefined;
  return {
    begins(error) {
      const isNew = current?.code !== error.code;
      current = error;
      if (isNew) onError(error);
    },
    ends() {
      current = undefined;
    },
    now: () => current?.message,
  };
}
