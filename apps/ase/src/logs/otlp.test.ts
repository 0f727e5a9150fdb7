import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { createLineClock } from './otlp.ts';

it('no two lines have one time, and none is moved by a millisecond while the clock goes on', () => {
  const timesMs = fc.array(fc.integer({ min: 1_700_000_000_000, max: 1_700_000_000_020 }), {
    maxLength: 500,
  });
  fc.assert(
    fc.property(timesMs, (given) => {
      const timeOf = createLineClock();
      let last = 0n;
      let newestMs = 0;
      for (const timeMs of given) {
        const [seconds, nanoseconds] = timeOf(timeMs);
        const at = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
        assert.ok(at > last);
        last = at;
        // A clock that was set back repeats itself: lines keep their order instead.
        newestMs = Math.max(newestMs, timeMs);
        assert.equal(at / 1_000_000n, BigInt(newestMs));
      }
    }),
  );
});
