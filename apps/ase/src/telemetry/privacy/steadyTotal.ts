/** What is published before an interval, and what is known at its end. All of it is noisy or public. */
export interface Step {
  publishedUnits: bigint;
  /** The noisy total of all packets. */
  estimateUnits: bigint;
  /** Of the noise in it. */
  deviationUnits: number;
  /** Exact: how many packets the interval had, at least 1, and how many there were with it. */
  packets: number;
  packetsSoFar: number;
}

/** Beyond so many standard deviations it is no noise: the published total follows at once. */
const FOLLOW_AT = 5;

/**
 * A published total that never falls, from a noisy one that does. Just keeping the largest value seen would add the
 * noise's peaks to it. How many packets there were is public, so that the step that they should make is known: their
 * number times the mean so far. The published total goes towards the noisy one by nothing to twice that, as far above
 * the expected step as below it, and so errs as much up as down.
 */
export function nextTotal({
  publishedUnits,
  estimateUnits,
  deviationUnits,
  packets,
  packetsSoFar,
}: Step): bigint {
  const most = (2n * estimateUnits * BigInt(packets)) / BigInt(packetsSoFar);
  const lowest = estimateUnits - BigInt(Math.ceil(FOLLOW_AT * deviationUnits));
  const stepped = publishedUnits + smaller(estimateUnits - publishedUnits, most);
  return larger(publishedUnits, larger(stepped, lowest));
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
