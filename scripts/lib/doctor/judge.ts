import type { Reading } from '../truth/compare.ts';
import { keyOf } from '../truth/row.ts';

export interface Verdict {
  /** Numbers that are exactly right, or between the two ledger looks. */
  right: number;
  missing: Reading[];
  /** Below what the ledger said before the hop was read: it has not arrived (yet). */
  behind: Off[];
  /** What cannot be, however late the hop is. */
  wrong: Off[];
  /** Shown by the hop, unknown to the ledger. */
  unknown: Reading[];
}

export interface Off {
  ledger: Reading;
  shown: string;
}

/**
 * Judges a hop while payments go on: it was read between two looks at the ledger, so a counter must lie between
 * them; a gauge must be equal to one of them unless it moved in between.
 */
export function judge(
  before: readonly Reading[],
  shown: readonly Reading[],
  after: readonly Reading[],
): Verdict {
  const verdict: Verdict = { right: 0, missing: [], behind: [], wrong: [], unknown: [] };
  const shownByKey = new Map(shown.map((reading) => [keyOf(reading), reading.value]));
  const afterByKey = new Map(after.map((reading) => [keyOf(reading), reading.value]));
  for (const ledger of before) {
    const key = keyOf(ledger);
    const value = shownByKey.get(key);
    const latest = afterByKey.get(key) ?? ledger.value;
    if (value === undefined) verdict.missing.push(ledger);
    else if (value === ledger.value || value === latest) verdict.right++;
    else if (!isCounter(ledger)) {
      if (latest === ledger.value) verdict.behind.push({ ledger, shown: value });
      else verdict.right++;
    } else if (Number(value) < Number(ledger.value)) verdict.behind.push({ ledger, shown: value });
    else if (Number(value) > Number(latest)) verdict.wrong.push({ ledger, shown: value });
    else verdict.right++;
  }
  const known = new Set([...before, ...after].map(keyOf));
  verdict.unknown = shown.filter((reading) => !known.has(keyOf(reading)));
  return verdict;
}

export function isRight({ missing, behind, wrong, unknown }: Verdict): boolean {
  return missing.length + behind.length + wrong.length + unknown.length === 0;
}

/** What is wrong, in words; undefined when nothing is. */
export function verdictWords(verdict: Verdict): string | undefined {
  const { missing, behind, wrong, unknown } = verdict;
  const parts = [
    wrong.length > 0 && `${count(wrong)} wrong: ${nameOf(wrong[0]!.ledger)} is ${offWords(wrong[0]!)}`,
    missing.length > 0 && `${count(missing)} missing: ${names(missing)}`,
    unknown.length > 0 && `${count(unknown)} that the ledger does not know: ${names(unknown)}`,
    behind.length > 0 && `${count(behind)} behind: ${nameOf(behind[0]!.ledger)} is ${offWords(behind[0]!)}`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts.join(', ') : undefined;
}

/** Counters alone can be told late from wrong. */
function isCounter({ quantity }: Reading): boolean {
  return quantity.endsWith('_total');
}

const count = (list: readonly unknown[]): string => `${list.length} number${list.length === 1 ? '' : 's'}`;
const offWords = ({ ledger, shown }: Off): string => `${shown}, the ledger says ${ledger.value}`;

function names(readings: readonly Reading[]): string {
  const quantities = [...new Set(readings.map(({ quantity }) => quantity))];
  const shown = quantities.slice(0, 3).join(', ');
  return quantities.length > 3 ? `${shown} …` : shown;
}

function nameOf({ ase, quantity, labels }: Reading): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return `${quantity}{${pairs.join(',')}} of ${ase}`;
}
