import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMechanism, type PrivacyParameters } from './mechanism.ts';
import { type RandomSource, seededRandom } from './randomSource.ts';
import { epsilonAtLeast, FAILURE_PROBABILITY } from './testing.ts';

const CLIP = 1_000_000n;
/** Of a normal distribution, one-sided, what is passed with probability 1e-9. */
const DEVIATIONS = 6;

describe('unbiased', () => {
  for (const amount of [1n, 100n, 3333n, 20_001n, 777_777n, CLIP]) {
    test(`the expectation of what becomes of ${amount} is ${amount} (100 000 packets, 6 standard deviations)`, () => {
      const packets = 100_000;
      const sum = noisyAfter(
        { epsilon: 8, clipUnits: CLIP },
        new Array<bigint>(packets).fill(amount),
        seededRandom(`${amount}`),
      );
      // Rounding deviates by at most half the distance of the edges, which is at most half the clip here.
      const deviation = Math.sqrt(packets * (2 * (Number(CLIP) / 8) ** 2 + (Number(CLIP) / 4) ** 2));
      assert.ok(Math.abs(Number(sum) - Number(amount) * packets) < DEVIATIONS * deviation);
    });
  }

  test('what is above the clip counts as the clip', () => {
    const parameters = { epsilon: 100, clipUnits: CLIP };
    assert.equal(
      noisyAfter(parameters, [CLIP * 1000n], seededRandom('clip')),
      noisyAfter(parameters, [CLIP], seededRandom('clip')),
    );
  });
});

describe('continual', () => {
  test('the noisy total is right in the mean (2000 runs of 40 intervals, 6 standard deviations)', () => {
    const runs = 2000;
    const random = seededRandom('continual');
    let error = 0;
    for (let run = 0; run < runs; run++) {
      const mechanism = createMechanism('continual', { epsilon: 1, clipUnits: CLIP }, undefined, random);
      for (let interval = 0; interval < 40; interval++) {
        mechanism.add(CLIP / 2n);
        mechanism.release();
      }
      error += Number(estimateOf(mechanism.state()) - 20n * CLIP);
    }
    // 2 nodes each of two levels, of variance 2 · (5 · clip / ε)².
    const deviation = Math.sqrt(runs * 4 * 2) * 5 * Number(CLIP);
    assert.ok(Math.abs(error) < DEVIATIONS * deviation);
  });
});

/**
 * An attacker knows everything but one packet's amount, which is 1 or the clip, and looks at what is most telling:
 * what a mechanism publishes is made of it. How often it is at least as high as with the clip and no noise gives a
 * lower limit of ε.
 */
describe('an audit of ε on neighbouring inputs, which may fail once in 1e9 times', () => {
  const RUNS = 40_000;

  const random = seededRandom('audit');

  /** The sum that the published total is the largest value of. */
  const unbiased = (epsilon: number) => (amount: bigint) =>
    noisyAfter({ epsilon, clipUnits: CLIP }, [amount], random) >= CLIP;

  /** The noisy totals after 1 and after 19 intervals, which tell two of the five nodes of the first one. */
  const continual = (epsilon: number) => (amount: bigint) => {
    const mechanism = createMechanism('continual', { epsilon, clipUnits: CLIP }, undefined, random);
    mechanism.add(amount);
    mechanism.release();
    const first = estimateOf(mechanism.state());
    for (let interval = 2; interval <= 19; interval++) {
      mechanism.add(1n);
      mechanism.release();
    }
    return first >= CLIP && estimateOf(mechanism.state()) >= CLIP + 18n;
  };

  function audit(isHigh: (amount: bigint) => boolean): number {
    let likely = 0;
    let unlikely = 0;
    for (let run = 0; run < RUNS; run++) {
      if (isHigh(CLIP)) likely++;
      if (isHigh(1n)) unlikely++;
    }
    return epsilonAtLeast({ likely, unlikely, runs: RUNS }, FAILURE_PROBABILITY);
  }

  test('unbiased keeps ε 1, and the audit is sharp', () => {
    const found = audit(unbiased(1));
    assert.ok(found > 0.85 && found <= 1, `ε is at least ${found}`);
  });

  test('finds an unbiased mechanism with half the noise', () => {
    const found = audit(unbiased(2));
    assert.ok(found > 1.5, `ε is at least ${found}`);
  });

  test('continual keeps ε 1: two of five nodes tell two fifths of it', () => {
    const found = audit(continual(1));
    assert.ok(found > 0.2 && found <= 0.4, `ε is at least ${found}`);
  });

  test('finds a continual mechanism that does not share ε out to the five nodes', () => {
    const found = audit(continual(5));
    assert.ok(found > 1, `ε is at least ${found}`);
  });

  test('its limits are those of Clopper and Pearson', () => {
    // No event in n runs: the upper limit is 1 − (α/2)^(1/n). All of them: the lower one is (α/2)^(1/n).
    const limit = 0.025 ** (1 / 100);
    const found = epsilonAtLeast({ likely: 100, unlikely: 0, runs: 100 }, 0.05);
    assert.ok(Math.abs(found - Math.log(limit / (1 - limit))) < 1e-6);
    // 10 of 100: 4.9 to 17.6 percent, as tables have it.
    const same = epsilonAtLeast({ likely: 10, unlikely: 10, runs: 100 }, 0.05);
    assert.ok(Math.abs(same - Math.log(0.049005 / 0.176223)) < 1e-3);
  });
});

function noisyAfter(parameters: PrivacyParameters, amounts: readonly bigint[], random: RandomSource): bigint {
  const mechanism = createMechanism('unbiased', parameters, undefined, random);
  for (const amount of amounts) mechanism.add(amount);
  return BigInt((mechanism.state() as { noisy: string }).noisy);
}

/** The noisy total, which continual publishes after smoothing. */
function estimateOf(state: unknown): bigint {
  const { sum, tree } = state as {
    sum: string;
    tree: { levels: { digit: number; noise: string[] }[]; trees: { noise: string } };
  };
  return tree.levels.reduce(
    (total, { digit, noise }) =>
      noise.reduce((part, value) => part + BigInt(Math.sign(digit)) * BigInt(value), total),
    BigInt(sum) + BigInt(tree.trees.noise),
  );
}
