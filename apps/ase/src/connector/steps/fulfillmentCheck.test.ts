import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Errors } from 'ilp-packet';
import { FULFILL, packetOf } from '../testing.ts';
import { fulfillmentCheck } from './fulfillmentCheck.ts';

const check = fulfillmentCheck();

it('lets the right fulfillment and every reject through', async () => {
  const reject = { code: 'F99', triggeredBy: '', message: '', data: Buffer.alloc(0) };
  assert.equal(await check(packetOf(), async () => FULFILL), FULFILL);
  assert.equal(await check(packetOf(), async () => reject), reject);
});

it('refuses a fulfillment that is not the preimage', async () => {
  const wrong = async () => ({ fulfillment: Buffer.alloc(32, 8), data: Buffer.alloc(0) });
  await assert.rejects(check(packetOf(), wrong), Errors.WrongConditionError);
});
