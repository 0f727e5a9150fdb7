import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { discreteLaplace, type NoiseScale, noiseScale } from './discreteLaplace.ts';
import { cryptoRandom, type RandomSource, seededRandom } from './randomSource.ts';
import { tailBound, withTerms } from './tailBound.ts';
import { chiSquare, chiSquareLimit, FAILURE_PROBABILITY, scriptedRandom } from './testing.ts';
import { integerBelow } from './uniform.ts';

const SAMPLES = 200_000;

describe('whole numbers drawn at random', () => {
  test('are as likely as each other', () => {
    const random = seededRandom('uniform');
    for (const limit of [2, 3, 10, 1000]) {
      const counts = new Array<number>(limit).fill(0);
      for (let i = 0; i < SAMPLES; i++) counts[integerBelow(random, limit)]!++;
      assertFits(counts, new Array<number>(limit).fill(SAMPLES / limit));
    }
  });

  test('are as likely as each other beyond 32 bits', () => {
    const random = seededRandom('wide');
    const limit = 3 * 2 ** 50 + 12_345;
    const counts = new Array<number>(48).fill(0);
    for (let i = 0; i < SAMPLES; i++) counts[Math.floor((integerBelow(random, limit) / limit) * 48)]!++;
    assertFits(counts, new Array<number>(48).fill(SAMPLES / 48));
  });

  test('are whole, from 0 and below the limit', () => {
    const random = seededRandom('range');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (limit) => {
        const drawn = integerBelow(random, limit);
        assert.ok(Number.isSafeInteger(drawn) && drawn >= 0 && drawn < limit);
      }),
    );
  });

  test('what would make small numbers likelier is drawn again', () => {
    const last = 2 ** 32 - 1;
    assert.equal(integerBelow(scriptedRandom([last, 7]), 10), 7);
    assert.equal(integerBelow(scriptedRandom([last, last, 0, 7]), 2 ** 52 + 1), 7);
  });
});

describe('a seeded source', () => {
  test('gives the same numbers for the same seed, other ones for another', () => {
    const draw = (seed: string) => {
      const random = seededRandom(seed);
      return Array.from({ length: 10_000 }, () => random.uint32());
    };
    assert.deepEqual(draw('a'), draw('a'));
    assert.notDeepEqual(draw('a'), draw('b'));
  });
});

describe('discrete Laplace noise', () => {
  const SCALES: NoiseScale[] = [
    { numerator: 1, denominator: 3 },
    { numerator: 1, denominator: 1 },
    { numerator: 7, denominator: 2 },
    { numerator: 1000, denominator: 3 },
    { numerator: 50_000_000_000_000, denominator: 1 },
  ];

  for (const scale of SCALES) {
    test(`of scale ${scale.numerator}/${scale.denominator} has its distribution (chi-square, ${SAMPLES} values)`, () => {
      assertLaplace(seededRandom(`laplace ${scale.numerator}`), scale);
    });
  }

  test(`from the cryptographic source too, once in 1e9 runs not (chi-square, ${SAMPLES} values)`, () => {
    assertLaplace(cryptoRandom(), { numerator: 7, denominator: 2 });
  });

  test('the test finds noise that is 5 percent too small', () => {
    assert.throws(() =>
      assertLaplace(
        seededRandom('small'),
        { numerator: 100, denominator: 1 },
        { numerator: 95, denominator: 1 },
      ),
    );
  });

  test('is exact beyond 2^53', () => {
    const remainderOne = [0, 1, 0, 5];
    const oneMore = [0, 1];
    const noMore = [1];
    const negative = [1];
    const words = [...remainderOne, ...new Array<number[]>(200).fill(oneMore).flat(), ...noMore, ...negative];
    const drawn = discreteLaplace(scriptedRandom(words), { numerator: 50_000_000_000_000, denominator: 1 });
    assert.equal(drawn, -10_000_000_000_000_001n);
  });

  test('its scale is sensitivity / ε in lowest terms', () => {
    assert.deepEqual(noiseScale(1_000_000n, 0.5), { numerator: 2_000_000, denominator: 1 });
    assert.deepEqual(noiseScale(100n, 0.3), { numerator: 1000, denominator: 3 });
    assert.deepEqual(noiseScale(1n, 100), { numerator: 1, denominator: 100 });
    assert.throws(() => noiseScale(2n ** 50n, 1), RangeError);
  });
});

describe('the bound of summed noise', () => {
  test('is passed no more often than it says, and is not far above what happens', () => {
    const scale = { numerator: 50, denominator: 1 };
    for (const terms of [1, 5, 100]) {
      const random = seededRandom(`bound ${terms}`);
      const bound = tailBound([{ scale: 50, count: terms }], 0, 0.01);
      const half = bound / 2n;
      let passed = 0;
      let passedHalf = 0;
      for (let run = 0; run < 2000; run++) {
        let sum = 0n;
        for (let i = 0; i < terms; i++) sum += discreteLaplace(random, scale);
        const size = sum < 0n ? -sum : sum;
        if (size > bound) passed++;
        if (size > half) passedHalf++;
      }
      assert.ok(passed <= 20, `${terms} values: ${passed} of 2000 above the bound for one in a hundred`);
      assert.ok(passedHalf > 20, `${terms} values: ${passedHalf} of 2000 above half the bound`);
    }
  });

  test('grows with certainty, noise and rounding, and is 0 without any', () => {
    const one = [{ scale: 10, count: 5 }];
    const bound = tailBound(one, 0, 0.01);
    assert.ok(tailBound(one, 0, 0.001) > bound);
    assert.ok(tailBound([{ scale: 10, count: 6 }], 0, 0.01) > bound);
    assert.ok(tailBound(one, 1000, 0.01) > bound);
    assert.equal(tailBound([], 0, 0.01), 0n);
    // Hoeffding: sqrt(w² · ln(2 / 0.01) / 2)
    assert.equal(tailBound([], 1_000_000, 0.01), 1628n);
  });

  for (const probability of [0, 1, -1, Number.NaN]) {
    test(`has no failure probability ${probability}`, () => {
      assert.throws(() => tailBound([], 0, probability), RangeError);
    });
  }

  test('sums noise of one scale, and keeps at most 16 scales apart', () => {
    assert.deepEqual(withTerms([{ scale: 2, count: 3 }], { scale: 2, count: 4 }), [{ scale: 2, count: 7 }]);
    assert.deepEqual(withTerms([{ scale: 2, count: 3 }], { scale: 1, count: 0 }), [{ scale: 2, count: 3 }]);
    let terms = [{ scale: 1, count: 1 }];
    for (let scale = 2; scale <= 17; scale++) terms = withTerms(terms, { scale, count: 1 });
    assert.equal(terms.length, 16);
    assert.deepEqual(terms[0], { scale: 2, count: 2 });
  });
});

/** Throws unless the values of `scale` have the distribution of scale `expected`. */
function assertLaplace(random: RandomSource, scale: NoiseScale, expected: NoiseScale = scale): void {
  // About 60 cells from −5 to 5 scales, and one for each tail.
  const decay = Math.exp(-expected.denominator / expected.numerator);
  const width = Math.max(1, Math.floor(expected.numerator / expected.denominator / 6));
  const half = Math.min(30, Math.ceil((5 * expected.numerator) / expected.denominator / width));
  // P(n ≥ a) for a > 0
  const above = (a: number) => Math.exp((-a * expected.denominator) / expected.numerator) / (1 + decay);
  const edges = Array.from({ length: half + 1 }, (_, i) => 1 + i * width);
  const oneSide = edges.map((edge, i) => above(edge) - (i === half ? 0 : above(edges[i + 1]!)));
  const probabilities = [...oneSide.toReversed(), (1 - decay) / (1 + decay), ...oneSide];
  const counts = new Array<number>(probabilities.length).fill(0);
  for (let i = 0; i < SAMPLES; i++) {
    const value = Number(discreteLaplace(random, scale));
    const cell = value === 0 ? 0 : Math.min(half + 1, 1 + Math.floor((Math.abs(value) - 1) / width));
    counts[half + 1 + Math.sign(value) * cell]!++;
  }
  const likely = probabilities.map((probability, i) => ({ probability, count: counts[i]! }));
  const rare = likely.filter(({ probability }) => probability * SAMPLES < 20);
  const common = likely.filter(({ probability }) => probability * SAMPLES >= 20);
  const rest = { probability: 0, count: 0 };
  for (const { probability, count } of rare) {
    rest.probability += probability;
    rest.count += count;
  }
  const cells = rest.probability * SAMPLES >= 20 ? [...common, rest] : common;
  assertFits(
    cells.map(({ count }) => count),
    cells.map(({ probability }) => probability * SAMPLES),
  );
}

function assertFits(observed: readonly number[], expected: readonly number[]): void {
  const limit = chiSquareLimit(observed.length, FAILURE_PROBABILITY);
  const statistic = chiSquare(observed, expected);
  assert.ok(statistic < limit, `chi-square ${statistic} of ${observed.length} cells is above ${limit}`);
}
