import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseLogLine } from './logLine.ts';
import { createPaymentLines, paymentId } from './payment.ts';

const OUT = 'a0000000-0000-4000-8000-000000000001';
const OTHER_OUT = 'a0000000-0000-4000-8000-000000000002';
const IN = 'b0000000-0000-4000-8000-000000000001';
const OTHER_IN = 'b0000000-0000-4000-8000-000000000002';

const line = (component: string, fields: object) =>
  parseLogLine(component, JSON.stringify({ level: 'info', time: 1, nodeId: component, ...fields }), 0);

/** Two payments that fill one incoming payment, one that has nothing to do with them, and lines of no payment. */
const LINES = [
  line('happy-life', { msg: 'ready' }),
  parseLogLine('prometheus', 'plain words', 0),
  line('cloud-nine', {
    correlationId: OUT,
    receiver: `http://x/incoming-payments/${IN}`,
    msg: 'one created',
  }),
  line('cloud-nine', {
    correlationId: OTHER_OUT,
    receiver: `http://x/incoming-payments/${IN}`,
    msg: 'two created',
  }),
  line('cloud-nine', {
    correlationId: 'else',
    receiver: `http://x/incoming-payments/${OTHER_IN}`,
    msg: 'else',
  }),
  line('global-bank', { correlationId: OUT, trace_id: 'trace', msg: 'one passes' }),
  line('happy-life', { correlationId: OUT, incomingPaymentId: IN, msg: 'one arrives' }),
  line('happy-life', { correlationId: OTHER_OUT, incomingPaymentId: IN, msg: 'two arrives' }),
  line('happy-life', { incomingPaymentId: IN, msg: 'expired' }),
  line('happy-life', { incomingPaymentId: OTHER_IN, msg: 'else expired' }),
];

function follow(id: string) {
  const payment = createPaymentLines(id);
  payment.learn(LINES);
  return { said: payment.pick(LINES).map(({ fields }) => fields.msg), ids: payment.ids() };
}

describe('the lines of a payment', () => {
  it('are found by the id of the outgoing payment, at every ASE', () => {
    const { said, ids } = follow(OUT);
    assert.deepEqual(said, ['one created', 'one passes', 'one arrives', 'expired']);
    assert.deepEqual(ids, { outgoing: [OUT], incoming: [IN], traces: ['trace'] });
  });

  it('are found by the id of the incoming payment, with all that fill it', () => {
    const { said, ids } = follow(IN);
    assert.deepEqual(said, [
      'one created',
      'two created',
      'one passes',
      'one arrives',
      'two arrives',
      'expired',
    ]);
    assert.deepEqual(ids.outgoing, [OUT, OTHER_OUT]);
  });

  it('are none when nobody knows the id', () => {
    assert.deepEqual(follow('c0000000-0000-4000-8000-000000000001').said, []);
  });

  it('go on to be found as they come', () => {
    const payment = createPaymentLines(OUT);
    assert.deepEqual(
      LINES.flatMap((one) => payment.pick([one])).map(({ fields }) => fields.msg),
      ['one created', 'one passes', 'one arrives', 'expired'],
    );
  });
});

describe('the id of a payment', () => {
  for (const [given, id] of [
    [OUT, OUT],
    [OUT.toUpperCase(), OUT],
    [`http://127.0.0.1:14100/outgoing-payments/${OUT}`, OUT],
    ['', undefined],
    ['seven', undefined],
    [`${OUT}/complete`, undefined],
  ] as const) {
    it(`in “${given}” is ${id ?? 'missing'}`, () => assert.equal(paymentId(given), id));
  }
});
