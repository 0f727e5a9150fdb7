import {
  createMechanism,
  type MechanismName,
  type PrivacyParameters,
} from '../../../apps/ase/src/telemetry/privacy/mechanism.ts';
import { type RandomSource, seededRandom } from '../../../apps/ase/src/telemetry/privacy/randomSource.ts';
import { packetsOf, type Workload } from './privacyWorkloads.ts';

/** Every payment falls into one of so many export intervals, the same number into each. */
const INTERVALS = 1000;

/** What one round of payments came to. */
export interface Round {
  packets: number;
  /** Of the published total at the end, in percent of the truth. */
  errorPercent: number;
  /** How many intervals ago the truth was what is published now, 0 when it has not been yet; mean over all intervals. */
  delayIntervals: number;
}

/** A line of the table. */
export interface Row {
  mechanism: MechanismName;
  workload: string;
  epsilon: number;
  clipUnits: string;
  payments: number;
  packets: number;
  rounds: number;
  biasPercent: number;
  /** Of the bias: how far chance alone moves it. */
  standardErrorPercent: number;
  /** Standard deviation of one round. */
  spreadPercent: number;
  delayIntervals: number;
}

/** One round. The same seed gives every mechanism the same payments and none of them the same noise. */
export function simulate(name: MechanismName, epsilon: number, workload: Workload, seed: number): Round {
  const parameters = parametersOf(workload, epsilon);
  const noise = seededRandom(`noise ${name} ${workload.name} ${seed}`);
  const mechanism = createMechanism(name, parameters, undefined, noise);
  const payments = seededRandom(`payments ${workload.name} ${seed}`);
  const truths: number[] = [0];
  let packets = 0;
  let published = 0;
  /** The last interval whose truth had no more than is published now. */
  let reached = 0;
  let delays = 0;
  for (let interval = 1; interval <= INTERVALS; interval++) {
    let truth = truths[interval - 1]!;
    for (const amount of packetsOfInterval(workload, payments)) {
      mechanism.add(BigInt(amount));
      truth += amount;
      packets++;
    }
    truths.push(truth);
    published = Number(mechanism.release());
    while (reached < interval && truths[reached + 1]! <= published) reached++;
    delays += interval - reached;
  }
  const truth = truths[INTERVALS]!;
  return {
    packets,
    errorPercent: (100 * (published - truth)) / truth,
    delayIntervals: delays / INTERVALS,
  };
}

/** Mean and spread of the rounds. */
export function rowOf(
  name: MechanismName,
  epsilon: number,
  workload: Workload,
  rounds: readonly Round[],
): Row {
  const errors = rounds.map(({ errorPercent }) => errorPercent);
  const bias = mean(errors);
  const spread = Math.sqrt(
    errors.reduce((sum, error) => sum + (error - bias) ** 2, 0) / Math.max(1, errors.length - 1),
  );
  return {
    mechanism: name,
    workload: workload.name,
    epsilon,
    clipUnits: String(parametersOf(workload, epsilon).clipUnits),
    payments: workload.payments,
    packets: Math.round(mean(rounds.map(({ packets }) => packets))),
    rounds: rounds.length,
    biasPercent: rounded(bias),
    standardErrorPercent: rounded(spread / Math.sqrt(errors.length)),
    spreadPercent: rounded(spread),
    delayIntervals: rounded(mean(rounds.map(({ delayIntervals }) => delayIntervals))),
  };
}

function parametersOf({ maxPacketUnits }: Workload, epsilon: number): PrivacyParameters {
  return { epsilon, clipUnits: BigInt(maxPacketUnits) };
}

function* packetsOfInterval(workload: Workload, random: RandomSource): Generator<number> {
  for (let payment = 0; payment < workload.payments / INTERVALS; payment++) {
    yield* packetsOf(workload.paymentUnits(random), workload.maxPacketUnits);
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** More digits than a table needs, fewer than machines differ in. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
