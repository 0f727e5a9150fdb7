import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parser } from '@prometheus-io/lezer-promql';
import fc from 'fast-check';
import { formatForPromql } from './interpolation.ts';

const MULTI = { multi: true };

test('a single value is escaped for quotes, several become an alternation', () => {
  assert.equal(formatForPromql('cloud-nine', {}), 'cloud-nine');
  assert.equal(formatForPromql('a"b\\c', {}), 'a\\"b\\\\c');
  assert.equal(formatForPromql(['a.b'], MULTI), 'a\\\\.b');
  assert.equal(formatForPromql(['a', 'b|c'], MULTI), '(a|b\\\\|c)');
});

test('no value gets out of its quotes', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), fc.boolean(), (values, multi) => {
      const text = formatForPromql(multi ? values : values[0], multi ? MULTI : {});
      fc.pre(!/[\n\r\u2028\u2029\ud800-\udfff]/.test(text));
      const query = `up{a=~"${text}"}`;
      const literals: string[] = [];
      parser.parse(query).iterate({
        enter: ({ name, from, to }) => {
          if (name === 'StringLiteral') literals.push(query.slice(from, to));
        },
      });
      assert.deepEqual(literals, [`"${text}"`]);
    }),
  );
});

test('a value in an alternation matches itself and nothing else', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), fc.string(), (values, other) => {
      // Undo the quotes' escaping; what is left is the regular expression that Prometheus sees.
      const pattern = formatForPromql(values, MULTI).replace(/\\(["\\])/g, '$1');
      const matches = new RegExp(`^(?:${pattern})$`, 's');
      for (const value of values) assert.match(value, matches);
      assert.equal(matches.test(other), values.includes(other));
    }),
  );
});
