/** Independent noise of one scale, added `count` times. */
export interface LaplaceTerms {
  scale: number;
  count: number;
}

/**
 * What a sum of independent noise stays below in absolute value, with at least probability 1 − failureProbability:
 * Chernoff's bound. A Laplace value contributes −ln(1 − λ²b²) to the exponent at λ < 1/b, a discrete one of the same
 * scale less (its series has the same terms, divided by larger ones); a centred value from a range of width w
 * contributes λ²w²/8 (Hoeffding). Every λ gives a valid bound, so that the search for the best needs no precision.
 * @param squaredWidths the sum of w² over all the rounded values
 */
export function tailBound(
  laplace: readonly LaplaceTerms[],
  squaredWidths: number,
  failureProbability: number,
): bigint {
  if (!(failureProbability > 0 && failureProbability < 1)) {
    throw new RangeError(`${failureProbability} is no probability of failure`);
  }
  const terms = laplace.filter(({ count }) => count > 0);
  if (terms.length === 0 && squaredWidths === 0) return 0n;
  const exponent = Math.log(2 / failureProbability);
  const bound = (lambda: number) => {
    let sum = exponent + (lambda * lambda * squaredWidths) / 8;
    for (const { scale, count } of terms) sum -= count * Math.log1p(-((lambda * scale) ** 2));
    return sum / lambda;
  };
  const largest =
    terms.length > 0
      ? 1 / Math.max(...terms.map(({ scale }) => scale))
      : 2 * Math.sqrt((8 * exponent) / squaredWidths);
  // The margin is for the floats on the way here.
  return BigInt(Math.ceil(smallest(bound, largest) * (1 + 1e-9)));
}

/** The standard deviation of the sum: a Laplace value of scale b has the variance 2b², a discrete one less. */
export function deviation(laplace: readonly LaplaceTerms[]): number {
  return Math.sqrt(laplace.reduce((sum, { scale, count }) => sum + 2 * scale * scale * count, 0));
}

/** As many scales as a state keeps apart. */
export const MAX_TERMS = 16;

/** The terms with more of them; what would be one scale too many is counted as the next larger one, which bounds it. */
export function withTerms(terms: readonly LaplaceTerms[], more: LaplaceTerms): LaplaceTerms[] {
  const counts = new Map<number, number>();
  for (const { scale, count } of [...terms, more]) counts.set(scale, (counts.get(scale) ?? 0) + count);
  const merged = Array.from(counts, ([scale, count]) => ({ scale, count }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => a.scale - b.scale);
  const [first, second, ...rest] = merged;
  if (merged.length <= MAX_TERMS || !first || !second) return merged;
  return [{ scale: second.scale, count: first.count + second.count }, ...rest];
}

const STEPS = 80;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** The smallest value of a function with one valley between 0 and `end`, by golden sections. */
function smallest(of: (x: number) => number, end: number): number {
  let [low, high] = [0, end];
  for (let step = 0; step < STEPS; step++) {
    const left = high - GOLDEN * (high - low);
    const right = low + GOLDEN * (high - low);
    if (of(left) < of(right)) high = right;
    else low = left;
  }
  return of((low + high) / 2);
}
