import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseComposeLine } from './logs.ts';

test('a line of compose logs is one of a component, at the engine’s time when it tells none itself', () => {
  const plain = parseComposeLine('viewer-1      | 2026-11-21T12:00:00.123456789Z starting');
  assert.equal(plain?.component, 'dashboards');
  assert.equal(plain?.timeMs, Date.parse('2026-11-21T12:00:00.123Z'));
  assert.equal(plain?.text, 'starting');
  const own = parseComposeLine(
    'cloud-nine-1  | 2026-11-21T12:00:00.5Z {"level":40,"time":1700000000000,"msg":"m"}',
  );
  assert.deepEqual([own?.component, own?.level, own?.timeMs], ['cloud-nine', 'warn', 1_700_000_000_000]);
});

test('what is no line of a container is left out', () => {
  assert.equal(parseComposeLine(''), undefined);
  assert.equal(parseComposeLine('rates-1  | 2026-11-21T12:00:00Z  '), undefined);
  assert.equal(parseComposeLine('rates-1 exited with code 0'), undefined);
});
