import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buckets, everywhere, quote, selector } from './selector.ts';
import { parsePromql } from './testing/promqlTree.ts';

test('a selector names our job and leaves the choice of ASEs to the variable of the board', () => {
  assert.equal(
    selector('ilp_packets_in_flight'),
    'ilp_packets_in_flight{job="ilp-connector",instance=~"$instance"}',
  );
  assert.equal(everywhere('ilp_packets_in_flight'), 'ilp_packets_in_flight{job="ilp-connector"}');
});

test('the buckets of a histogram have its name and a suffix', () => {
  assert.match(buckets('quote_duration_seconds'), /^quote_duration_seconds_bucket\{/);
});

test('any label value comes back from the parser as it was, whatever is in it', () => {
  const values = fc.string().filter((value) => !value.includes('$') && !hasControl(value));
  fc.assert(
    fc.property(values, (value) => {
      const { errors, selections } = parsePromql(selector('payments_total', { asset: value }));
      assert.deepEqual(errors, []);
      assert.equal(selections[0]?.matchers.find(({ label }) => label === 'asset')?.value, value);
    }),
  );
});

test('several values match themselves and nothing that merely looks like them', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), fc.string(), (values, other) => {
      fc.pre([...values, other].every((value) => !value.includes('$') && !hasControl(value)));
      const { selections } = parsePromql(selector('payments_total', { asset: { oneOf: values } }));
      const written = selections[0]!.matchers.find(({ label }) => label === 'asset')!.value;
      const expression = new RegExp(`^(?:${written})$`);
      for (const value of [...values, other])
        assert.equal(expression.test(value), values.includes(value), JSON.stringify({ values, value }));
    }),
  );
});

test('a dollar sign is refused: Grafana would take it for a variable', () => {
  assert.throws(() => quote('$instance'), /dollar sign/);
});

function hasControl(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return /[\u0000-\u001f]/.test(text);
}
