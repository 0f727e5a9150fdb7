import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Errors, serializeIlpFulfill, serializeIlpPrepare, serializeIlpReject } from 'ilp-packet';
import { decodePrepare, decodeReply, MAX_PACKET_BYTES } from './decode.ts';
import { FULFILL, prepareOf } from './testing.ts';

const good = serializeIlpPrepare(prepareOf());
const isInvalidPacket = (error: unknown) => error instanceof Errors.InvalidPacketError;

describe('decoding a Prepare', () => {
  it('reads what it should', () => {
    const prepare = prepareOf({ amount: '18446744073709551615', data: Buffer.alloc(32_767) });
    const bytes = serializeIlpPrepare(prepare);
    assert.ok(bytes.length <= MAX_PACKET_BYTES);
    assert.deepEqual(decodePrepare(bytes), prepare);
  });

  for (const [what, bytes] of [
    ['nothing', Buffer.alloc(0)],
    ['a Fulfill', serializeIlpFulfill({ fulfillment: Buffer.alloc(32), data: Buffer.alloc(0) })],
    ['data over the limit', serializeIlpPrepare(prepareOf({ data: Buffer.alloc(32_768) }))],
    ['bytes behind the end', Buffer.concat([good, Buffer.of(0)])],
    ['a packet over the limit', Buffer.alloc(MAX_PACKET_BYTES + 1, 12)],
    ['a day that does not exist', withTime('20300231000000000')],
    ['a time with a sign', withTime('2030-101000000000')],
    ['a year of one digit', withTime('0001' + '0101000000000')],
    ['an address in capitals of no scheme', withDestination('TEST.HERE.BOBB')],
  ] as const) {
    it(`refuses ${what}`, () => assert.throws(() => decodePrepare(bytes), isInvalidPacket));
  }

  it('refuses or reads whatever bytes come, and throws nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), damaged(good)), (bytes) => {
        try {
          decodePrepare(Buffer.from(bytes));
        } catch (error) {
          assert.ok(isInvalidPacket(error), String(error));
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('decoding a reply', () => {
  it('reads a Fulfill and a Reject and nothing else', () => {
    const reject = { code: 'T04', triggeredBy: 'test.there', message: 'no', data: Buffer.of(1) };
    assert.deepEqual(decodeReply(serializeIlpFulfill(FULFILL as never)), FULFILL);
    assert.deepEqual(decodeReply(serializeIlpReject(reject)), reject);
    assert.equal(decodeReply(serializeIlpReject({ ...reject, code: 'X01' })), undefined);
    assert.equal(decodeReply(good), undefined);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeReply(Buffer.from(bytes))),
    );
  });
});

/** A good packet with some bytes changed. */
function damaged(bytes: Buffer): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const copy = Uint8Array.from(bytes);
    for (const [at, value] of changes) copy[at] = value;
    return copy;
  });
}

/** The time starts behind type, length and amount. */
function withTime(time: string): Buffer {
  const copy = Buffer.from(good);
  copy.write(time, 2 + 8, 'ascii');
  return copy;
}

function withDestination(destination: string): Buffer {
  const copy = Buffer.from(serializeIlpPrepare(prepareOf({ destination: 'test.here.bobb' })));
  copy.write(destination, copy.indexOf('test.here.bobb'), 'ascii');
  return copy;
}
