import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LabelSets, OVERFLOW_LABEL } from './labelSets.ts';

test('equal labels are one set, whatever their order and whatever else comes with them', () => {
  const sets = new LabelSets(['type', 'status'], 10, () => {});
  const set = sets.of({ type: 'a', status: 'b' });
  assert.equal(sets.of({ status: 'b', type: 'a', extra: 'c' }), set);
  assert.notEqual(sets.of({ type: 'b', status: 'a' }), set);
  assert.deepEqual(set, { attributes: { type: 'a', status: 'b' }, total: 0 });
});

test('labels that are missing are empty, and values cannot be mistaken for others', () => {
  const sets = new LabelSets(['x', 'y'], 10, () => {});
  assert.deepEqual(sets.of({}).attributes, { x: '', y: '' });
  assert.notEqual(sets.of({ x: 'ab', y: 'c' }), sets.of({ x: 'a', y: 'bc' }));
});

test('over the limit all go to one more set, told once', () => {
  let told = 0;
  const sets = new LabelSets(['peer_id'], 2, () => {
    told += 1;
  });
  const first = sets.of({ peer_id: '1' });
  sets.of({ peer_id: '2' });
  const third = sets.of({ peer_id: '3' });
  assert.equal(sets.of({ peer_id: '4' }), third);
  assert.equal(sets.of({ peer_id: '1' }), first);
  assert.deepEqual(third.attributes, { peer_id: OVERFLOW_LABEL });
  assert.equal(told, 1);
});

test('labels have the names of OpenTelemetry', () => {
  const sets = new LabelSets(['http_response_status_code'], 2, () => {});
  assert.deepEqual(sets.of({ http_response_status_code: '200' }).attributes, {
    'http.response.status_code': '200',
  });
});
