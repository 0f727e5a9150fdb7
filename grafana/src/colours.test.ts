import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ASE_COLOURS } from '../../apps/viewer/client/traces/aseColours.ts';
import { ASE_COLOUR } from './colours.ts';

test('the viewer’s own pages know an ASE by the colour that it has on the boards', () => {
  assert.deepEqual(ASE_COLOURS, ASE_COLOUR);
});
