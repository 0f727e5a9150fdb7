import { createHistogram } from 'node:perf_hooks';

/** What the exporters of one process have done; all but the waits are totals since its start. */
export interface ExportCounts {
  /** ASEs of which at least one export has been taken. */
  ases: number;
  begun: number;
  taken: number;
  failed: number;
  /** Samples, as Prometheus counts them, of the exports that were taken. */
  samples: number;
  /** From the begin of an export to the collector's answer, since the last look. */
  waitMs: { p50: number; p95: number };
  /** Why the newest export failed that failed after one that did not. */
  trouble: string | null;
}

/** Counts exports, of as many ASEs as there are in a process. */
export class ExportTally {
  readonly #ases = new Set<string>();
  readonly #waits = createHistogram();
  #begun = 0;
  #taken = 0;
  #failed = 0;
  #samples = 0;
  #trouble: string | null = null;

  /** An export begins; the function it gives is called when it has ended. */
  begun(ase: string, samples: number): (isTaken: boolean) => void {
    this.#begun += 1;
    const startedAtMs = performance.now();
    return (isTaken) => {
      this.#waits.record(Math.max(1, Math.round(performance.now() - startedAtMs)));
      if (!isTaken) {
        this.#failed += 1;
        return;
      }
      this.#taken += 1;
      this.#samples += samples;
      this.#ases.add(ase);
    };
  }

  trouble(message: string): void {
    this.#trouble = message;
  }

  /** What has been counted so far; waits begin anew. */
  look(): ExportCounts {
    const waitMs = { p50: this.#waits.percentile(50), p95: this.#waits.percentile(95) };
    this.#waits.reset();
    return {
      ases: this.#ases.size,
      begun: this.#begun,
      taken: this.#taken,
      failed: this.#failed,
      samples: this.#samples,
      waitMs,
      trouble: this.#trouble,
    };
  }
}
