import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fitLinear, fitPower, reachedAt, valueAt } from './fit.ts';

const close = (actual: number, expected: number) =>
  assert.ok(
    Math.abs(actual - expected) <= 1e-6 * Math.max(1, Math.abs(expected)),
    `${actual}, not ${expected}`,
  );

test('a line is found again from points on it, whatever their order', () => {
  const coefficient = fc.integer({ min: -1000, max: 1000 });
  const xs = fc.uniqueArray(fc.integer({ min: 0, max: 10_000 }), { minLength: 2, maxLength: 20 });
  fc.assert(
    fc.property(coefficient, coefficient, xs, (a, b, at) => {
      const fit = fitLinear(at.map((x) => ({ x, y: a + b * x })));
      close(fit.a, a);
      close(fit.b, b);
      close(fit.r2, 1);
    }),
  );
});

test('a power law is found again from points on it', () => {
  const fit = fitPower([1, 10, 100, 1000].map((x) => ({ x, y: 3 * x ** 1.5 })));
  assert.equal(fit.kind, 'power');
  close(fit.a, 3);
  close(fit.b, 1.5);
  close(fit.r2, 1);
});

test('least squares go between the points, and R² says how much of the spread they explain', () => {
  const fit = fitLinear([
    { x: 0, y: 0 },
    { x: 1, y: 2 },
    { x: 2, y: 1 },
  ]);
  close(fit.a, 0.5);
  close(fit.b, 0.5);
  close(fit.r2, 0.25);
  assert.equal(fit.points, 3);
});

test('a curve is followed back to where it reaches a value', () => {
  const line = fitLinear([1, 2, 3].map((x) => ({ x, y: 10 + 5 * x })));
  close(reachedAt(line, 110), 20);
  assert.equal(reachedAt(line, 5), 0, 'below its beginning it is reached from the start');
  const power = fitPower([1, 2, 3].map((x) => ({ x, y: 2 * x ** 2 })));
  close(reachedAt(power, valueAt(power, 17)), 17);
  const flat = fitLinear([1, 2, 3].map((x) => ({ x, y: 7 })));
  assert.equal(reachedAt(flat, 8), Number.POSITIVE_INFINITY);
  assert.equal(flat.r2, 1);
});

test('what no curve can be put through is refused', () => {
  assert.throws(() => fitLinear([{ x: 1, y: 1 }]), RangeError);
  assert.throws(() => fitLinear([]), RangeError);
  assert.throws(
    () =>
      fitLinear([
        { x: 1, y: 1 },
        { x: 1, y: 2 },
      ]),
    RangeError,
  );
  assert.throws(
    () =>
      fitPower([
        { x: 0, y: 1 },
        { x: 1, y: 2 },
      ]),
    /above 0/,
  );
});
