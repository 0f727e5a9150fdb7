import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { canonicalNumeral } from './numeral.ts';

for (const [text, canonical] of [
  ['0', '0'],
  ['-0', '0'],
  ['+7', '7'],
  ['007', '7'],
  ['1500.0', '1500'],
  ['1.5e+03', '1500'],
  ['9.007199254740991e+15', '9007199254740991'],
  ['-1.25e-2', '-0.0125'],
  ['.5', '0.5'],
  ['1763724000.123', '1763724000.123'],
  ['+Inf', '+Inf'],
  ['-inf', '-Inf'],
  ['NaN', 'NaN'],
  ['', undefined],
  ['.', undefined],
  ['1,5', undefined],
  ['0x10', undefined],
] as const) {
  it(`reads ${JSON.stringify(text)} as ${canonical}`, () => assert.equal(canonicalNumeral(text), canonical));
}

it('spells every integer that a double can carry like a bigint, however it was written', () => {
  const limit = Number.MAX_SAFE_INTEGER;
  fc.assert(
    fc.property(fc.integer({ min: -limit, max: limit }), (value) => {
      const expected = BigInt(value).toString();
      for (const text of [String(value), value.toExponential(), value.toFixed(3)]) {
        assert.equal(canonicalNumeral(text), expected);
      }
    }),
  );
});

it('keeps every double', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const canonical = canonicalNumeral(String(value));
      assert.equal(Number(canonical), value === 0 ? 0 : value);
    }),
  );
});
