import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../../../prometheus/testing/program.ts';
import { SETTLEMENT_REFUSALS } from '../../../../telemetry/catalogue.ts';
import { inBatches, makePayment, waitForEnd } from '../payments/paymentScript.ts';
import { ADMIN_TOKEN, createTestNetwork, type TestNetwork } from '../testNetwork.ts';

const ADMIN = { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } };
const NAMES = ['cloud-nine', 'happy-life'] as const;

async function inNetwork(
  how: 'here' | 'child',
  work: (network: TestNetwork) => Promise<void>,
): Promise<void> {
  const network = await createTestNetwork(1, {}, { settlement: true });
  try {
    await Promise.all(NAMES.map((name) => network.start(name, how)));
    await work(network);
  } finally {
    await network.close();
  }
}

test(
  'payments are settled on both chains, and every unit is where books and chains say',
  { timeout: 150_000 },
  () =>
    inNetwork('here', async (network) => {
      await pay(network, 'cloud-nine', 'happy-life', 5_000n);
      await rest(network);
      await pay(network, 'happy-life', 'cloud-nine', 20_000n);
      await rest(network);
      const executed = async (name: string) =>
        (await network.admin(name, '/admin/ledger')).totals
          .filter(({ quantity, value }) => quantity === 'settlements_executed_total' && value !== '0')
          .map(({ labels }) => labels);
      assert.deepEqual(await executed('cloud-nine'), [{ method: 'xrp', status: 'success' }]);
      assert.deepEqual(await executed('happy-life'), [{ method: 'evm', status: 'success' }]);
      const text = String((await network.request('cloud-nine', 'GET', '/metrics')).body);
      assert.match(text, /^settlements_executed_total\{method="xrp",status="success"[^}]*\} [1-9]/m);
      assert.match(text, /^payment_channels_active\{method="xrp",status="open"[^}]*\} 1$/m);
      assert.match(text, /^settlement_latency_seconds_count\{method="xrp"[^}]*\} [1-9]/m);
      await checkMoney(network);
    }),
);

test('kill -9 of either ASE while they pay and settle: no unit is lost or made', { timeout: 300_000 }, () =>
  inNetwork('child', async (network) => {
    let done = 0;
    const killer = (async () => {
      for (let kill = 0; kill < 4; kill++) {
        const mark = kill * 3 + 1;
        await until('some payments', async () => (done >= mark ? true : undefined));
        const name = NAMES[kill % 2]!;
        await network.kill(name);
        await network.start(name, 'child');
      }
    })();
    const plans = Array.from({ length: 16 }, (_, i) => ({
      from: NAMES[i % 5 === 0 ? 1 : 0]!,
      to: NAMES[i % 5 === 0 ? 0 : 1]!,
      receiveUnits: BigInt(1_500 + i * 400),
    }));
    await inBatches(plans, 4, async (plan) => {
      const { outgoing } = await makePayment(network, plan);
      assert.equal((await waitForEnd(network, outgoing)).state, 'COMPLETED');
      done += 1;
    });
    await killer;
    await rest(network);
    await checkMoney(network);
  }),
);

test(
  'what is no claim, order or token is refused over HTTP, counted, and changes nothing',
  { timeout: 150_000 },
  () =>
    inNetwork('here', async (network) => {
      await pay(network, 'cloud-nine', 'happy-life', 5_000n);
      await rest(network);
      const before: Record<string, bigint> = {};
      for (const reason of SETTLEMENT_REFUSALS)
        before[reason] = await refusals(network, 'cloud-nine', reason);
      const order = (body: object) =>
        network.request('cloud-nine', 'POST', '/admin/settlement/orders', { ...ADMIN, body });
      assert.equal((await order({ peer: 'happy-life', amountUnits: '-1' })).body.error.code, 'below_zero');
      assert.equal((await order({ peer: 'nobody', amountUnits: '5' })).status, 404);
      assert.equal((await order({ peer: 'happy-life', amountUnits: '1e3' })).status, 400);
      const stranger = await network.request('cloud-nine', 'POST', '/settlement/claims', {
        headers: { authorization: 'Bearer of-a-stranger' },
        body: {},
      });
      assert.equal(stranger.status, 401);
      const peer = { authorization: 'Bearer peer-token-of-the-testshappy-lifecloud-nine' };
      const claim = await network.request('cloud-nine', 'POST', '/settlement/claims', {
        headers: peer,
        body: { method: 'evm', channel: '0'.repeat(32), nonce: 1, amount: '5', signature: 'A'.repeat(86) },
      });
      assert.equal(claim.body.error.code, 'unknown_channel');
      const raw = (text: string, authorization = peer.authorization, path = '/settlement/claims') =>
        fetch(`${network.urls['cloud-nine']}${path}`, {
          method: 'POST',
          headers: { authorization, 'content-type': 'application/json' },
          body: text,
        }).then(({ status }) => status);
      const tooLarge = JSON.stringify({ method: 'x'.repeat(70_000) });
      assert.equal(await raw('{"method":'), 400);
      assert.equal(await raw(tooLarge), 413);
      assert.equal(await raw('[]'), 400);
      // Of a stranger it is the token that is wrong, whatever it says.
      assert.equal(await raw(tooLarge, 'Bearer of-a-stranger'), 401);
      const orders = '/admin/settlement/orders';
      assert.equal(await raw('{"peer":', ADMIN.headers.authorization, orders), 400);
      assert.equal(await raw('{"peer":', 'Bearer of-a-stranger', orders), 401);
      const counted = async (reason: string) =>
        (await refusals(network, 'cloud-nine', reason)) - before[reason]!;
      assert.deepEqual(
        {
          below_zero: await counted('below_zero'),
          unknown_peer: await counted('unknown_peer'),
          unknown_channel: await counted('unknown_channel'),
          malformed: await counted('malformed'),
        },
        // Two strangers and an order for nobody; two orders and three claims that make no sense.
        { below_zero: 1n, unknown_peer: 3n, unknown_channel: 1n, malformed: 5n },
      );
      await checkMoney(network);
    }),
);

async function pay(network: TestNetwork, from: string, to: string, receiveUnits: bigint): Promise<void> {
  const { outgoing } = await makePayment(network, { from, to, receiveUnits });
  assert.equal((await waitForEnd(network, outgoing)).state, 'COMPLETED');
}

/** Until nothing is under way at either end. */
async function rest(network: TestNetwork): Promise<void> {
  await until('nothing is under way', async () => {
    const ledgers = await Promise.all(NAMES.map((name) => network.admin(name, '/admin/ledger')));
    const busy = ledgers.some(
      ({ inFlight }) => inFlight.payments + inFlight.packets + inFlight.settlements > 0,
    );
    return busy ? undefined : true;
  });
}

async function refusals(network: TestNetwork, name: string, reason: string): Promise<bigint> {
  return (await network.admin(name, '/admin/ledger')).totals
    .filter(({ quantity, labels }) => quantity === 'settlement_refusals_total' && labels.reason === reason)
    .reduce((sum, { value }) => sum + BigInt(value), 0n);
}

/** Books that add up, mirror each other, and say of the chains what these say. */
async function checkMoney(network: TestNetwork): Promise<void> {
  const ledgers = await Promise.all(NAMES.map((name) => network.admin(name, '/admin/ledger')));
  for (const { audit } of ledgers) assert.deepEqual(audit, []);
  const owed = ledgers.map(({ accounts }) =>
    BigInt(accounts.find(({ id }) => id.startsWith('peer:'))!.balanceUnits),
  );
  assert.equal(owed[0], -owed[1]!);
  const { body: chain } = await network.request('', 'GET', `${network.chainUrl}/audit`);
  assert.deepEqual(chain.problems, []);
  for (const name of NAMES) {
    const { body } = await network.request(name, 'GET', '/admin/settlement', ADMIN);
    for (const { method, address, tokens } of body.chains) {
      for (const { token, units } of tokens) {
        const found = await network.request(
          '',
          'GET',
          `${network.chainUrl}/${method}/balances/${address}?token=${token}`,
        );
        assert.equal(found.body.units, units, `${name} on ${method}`);
      }
    }
  }
}
