import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePrometheusText } from './textFormat.ts';

test('samples are read with labels, timestamps and all kinds of numbers', () => {
  const text = `# HELP a help
# TYPE a counter
a 1
a{} 1.5e+06
b{x="1",le="+Inf"} +Inf 1700000000000

d{x="line ends of others: \r\u2028"} 1
c{ x = "comma, brace } and \\"quote\\"", y="\\\\ \\n" , } NaN
`;
  assert.deepEqual(parsePrometheusText(text), [
    { name: 'a', labels: {}, value: '1' },
    { name: 'a', labels: {}, value: '1.5e+06' },
    { name: 'b', labels: { x: '1', le: '+Inf' }, value: '+Inf', timestampMs: 1700000000000 },
    { name: 'd', labels: { x: 'line ends of others: \r\u2028' }, value: '1' },
    { name: 'c', labels: { x: 'comma, brace } and "quote"', y: '\\ \n' }, value: 'NaN' },
  ]);
});

for (const line of [
  'a',
  'a x',
  '1a 1',
  'a{x=1} 1',
  'a{x="1" 1',
  'a{x="1"y="2"} 1',
  'a{x="1"} 1 2 3',
  '<html>',
]) {
  test(`${line} is no sample`, () => {
    assert.throws(() => parsePrometheusText(`ok 1\n${line}`), { name: 'SyntaxError', message: /^line 2 / });
  });
}
