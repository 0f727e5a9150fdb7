import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PrometheusHttp } from './httpClient.ts';
import { findVariableValues } from './variableQuery.ts';

const asked: unknown[][] = [];
const record =
  <T>(name: string, answer: T) =>
  async (...args: unknown[]): Promise<T> => {
    asked.push([name, ...args]);
    return answer;
  };
const http: PrometheusHttp = {
  query: record('query', {
    resultType: 'vector' as const,
    result: [{ metric: { a: 'b' }, value: [1, '2'] }],
  }),
  queryRange: record('queryRange', { resultType: 'vector' as const, result: [] }),
  queryExemplars: async () => [],
  labelNames: record('labelNames', ['job']),
  labelValues: record('labelValues', ['up', 'down']),
  series: record('series', [{ __name__: 'up', job: 'x' }]),
};

const find = async (text: string) => {
  asked.length = 0;
  return (await findVariableValues(http, text, undefined)).map(({ text }) => text);
};

test('label_values with and without a selector', async () => {
  assert.deepEqual(await find('label_values(job)'), ['up', 'down']);
  assert.deepEqual(asked, [['labelValues', 'job', undefined, {}]]);
  await find('label_values(up{a="b, c"}, instance)');
  assert.deepEqual(asked, [['labelValues', 'instance', 'up{a="b, c"}', {}]]);
});

test('label_names, metrics, query_result and a plain selector', async () => {
  assert.deepEqual(await find('label_names()'), ['job']);
  assert.deepEqual(await find('metrics(^u)'), ['up']);
  assert.deepEqual(await find('query_result(sum by (a) (up))'), ['{a="b"} 2 1000']);
  assert.equal(asked[0]?.[1], 'sum by (a) (up)');
  assert.deepEqual(await find('up{job="x"}'), ['up{job="x"}']);
});
