import type { Attributes } from '@opentelemetry/api';
import { attributeName } from '../../../../telemetry/names.ts';

/** One series of a metric. */
export interface LabelSet {
  attributes: Attributes;
  /** Of counters: the exact total so far. Of those that go up and down: where it stands. */
  total: number;
}

/** Of every label of the one series that takes what is over the limit. */
export const OVERFLOW_LABEL = '_OTHER';

/**
 * The label sets of one metric, at most `limit` of them and one more for the rest, so that no caller can fill
 * the memory. The SDK's own limit counts only label sets between two exports, not those it keeps for good.
 */
export class LabelSets {
  readonly #labels: readonly string[];
  readonly #limit: number;
  readonly #onOverflow: () => void;
  readonly #sets = new Map<string, LabelSet>();
  #overflow: LabelSet | undefined;

  constructor(labels: readonly string[], limit: number, onOverflow: () => void) {
    this.#labels = labels;
    this.#limit = limit;
    this.#onOverflow = onOverflow;
  }

  of(labels: Readonly<Record<string, string>>): LabelSet {
    let key = '';
    for (const label of this.#labels) key += `${labels[label] ?? ''}\u0000`;
    return this.#sets.get(key) ?? this.#added(key, labels);
  }

  /** Every series so far. */
  *all(): Generator<LabelSet> {
    yield* this.#sets.values();
    if (this.#overflow) yield this.#overflow;
  }

  #added(key: string, labels: Readonly<Record<string, string>>): LabelSet {
    if (this.#sets.size >= this.#limit) {
      if (!this.#overflow) this.#onOverflow();
      this.#overflow ??= this.#labelSet(() => OVERFLOW_LABEL);
      return this.#overflow;
    }
    const set = this.#labelSet((label) => labels[label] ?? '');
    this.#sets.set(key, set);
    return set;
  }

  #labelSet(valueFor: (label: string) => string): LabelSet {
    const attributes = Object.fromEntries(
      this.#labels.map((label) => [attributeName(label), valueFor(label)]),
    );
    return { attributes, total: 0 };
  }
}
