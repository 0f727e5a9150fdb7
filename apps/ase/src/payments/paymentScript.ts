import assert from 'node:assert/strict';
import type { TestNetwork } from '../testNetwork.ts';

/** A payment of a test, from bob at one ASE to alice at another. Exactly one amount is given. */
export interface PaymentPlan {
  from: string;
  to: string;
  receiveUnits?: bigint;
  debitUnits?: bigint;
}

export interface PaymentEnd {
  state: string;
  failure: string;
  debitAmount: { value: string };
  fee: { value: string };
  receiveAmount: { value: string };
  sentAmount: { value: string; assetCode: string };
}

const assetOf = (name: string) => ({
  assetCode: name === 'happy-life' ? 'EUR' : 'USD',
  assetScale: 2,
});

/** Incoming payment, quote, outgoing payment; each step is tried again while its ASE is away. */
export async function makePayment(
  network: TestNetwork,
  { from, to, receiveUnits, debitUnits }: PaymentPlan,
): Promise<{ incoming: string; outgoing: string }> {
  const incoming = await insist(network, to, '/incoming-payments', {
    walletAddress: `${network.urls[to]}/alice`,
    ...(receiveUnits !== undefined && { incomingAmount: { value: String(receiveUnits), ...assetOf(to) } }),
  });
  const walletAddress = `${network.urls[from]}/bob`;
  const quote = await insist(network, from, '/quotes', {
    walletAddress,
    receiver: incoming,
    method: 'ilp',
    ...(debitUnits !== undefined && { debitAmount: { value: String(debitUnits), ...assetOf(from) } }),
  });
  const outgoing = await insist(network, from, '/outgoing-payments', { walletAddress, quoteId: quote });
  return { incoming, outgoing };
}

/** Asks until the outgoing payment has reached its end. */
export async function waitForEnd(network: TestNetwork, url: string): Promise<PaymentEnd> {
  for (;;) {
    const answer = await network.request('', 'GET', url).catch(() => undefined);
    if (answer?.status === 200 && (answer.body.state === 'COMPLETED' || answer.body.state === 'FAILED'))
      return answer.body;
    await shortly();
  }
}

/** All plans, so many at a time, in their order. */
export async function inBatches<Plan, Result>(
  plans: readonly Plan[],
  width: number,
  work: (plan: Plan) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < plans.length) {
        const index = next++;
        results[index] = await work(plans[index]!);
      }
    }),
  );
  return results;
}

/** The books of all ASEs agree with the payments, with each other, and with themselves. */
export async function checkBooks(
  network: TestNetwork,
  payments: ReadonlyArray<{ plan: PaymentPlan; end: PaymentEnd }>,
): Promise<void> {
  for (const name of Object.keys(network.urls)) {
    const ledger = await network.admin(name, '/admin/ledger');
    assert.deepEqual(ledger.audit, [], name);
    assert.deepEqual(ledger.inFlight, { payments: 0, packets: 0, settlements: 0 }, name);
    const total = (quantity: string, labels: object) =>
      ledger.totals
        .filter(
          (row) =>
            row.quantity === quantity &&
            Object.entries(labels).every(([key, value]) => row.labels[key] === value),
        )
        .reduce((sum, { value }) => sum + BigInt(value), 0n);
    const sent = payments.filter(({ plan }) => plan.from === name);
    const received = payments.filter(({ plan }) => plan.to === name);
    const count = (quantity: string, labels: object, expected: number | bigint) =>
      assert.equal(
        total(quantity, labels),
        BigInt(expected),
        `${name} ${quantity} ${JSON.stringify(labels)}`,
      );
    count('payments_total', { direction: 'outgoing', state: 'completed' }, sent.length);
    count('payments_total', { direction: 'outgoing', state: 'failed' }, 0);
    count('payments_total', { direction: 'incoming', state: 'completed' }, received.length);
    count(
      'payment_amount_units_total',
      { direction: 'outgoing' },
      sum(sent.map(({ end }) => BigInt(end.sentAmount.value))),
    );
    count(
      'payment_amount_units_total',
      { direction: 'incoming' },
      sum(received.map(({ plan }) => plan.receiveUnits ?? 0n)),
    );
    const posted = sum(ledger.accounts.map(({ balanceUnits }) => BigInt(balanceUnits)));
    // Payment accounts are not listed: empty, or the sum could not be zero where there is one asset.
    if (
      new Set(ledger.accounts.map(({ id }) => /^external:(.*)$/.exec(id)?.[1]).filter(Boolean)).size === 1
    ) {
      assert.equal(posted, 0n, name);
    }
  }
  await checkPeerBalances(network);
}

/** Two peers must say the same about what lies between them. */
async function checkPeerBalances(network: TestNetwork): Promise<void> {
  for (const name of Object.keys(network.urls)) {
    const { peers } = (await network.admin(name, '/admin/peers')) as unknown as {
      peers: Array<{ id: string; balanceUnits: string }>;
    };
    for (const { id, balanceUnits } of peers) {
      const other = (await network.admin(id, '/admin/peers')) as unknown as {
        peers: Array<{ id: string; balanceUnits: string }>;
      };
      const mirrored = other.peers.find((peer) => peer.id === name)!.balanceUnits;
      assert.equal(BigInt(balanceUnits), -BigInt(mirrored), `${name} and ${id}`);
    }
  }
}

const sum = (values: bigint[]): bigint => values.reduce((total, value) => total + value, 0n);

async function insist(network: TestNetwork, name: string, path: string, body: object): Promise<string> {
  const headers = { 'idempotency-key': crypto.randomUUID() };
  for (;;) {
    const answer = await network.request(name, 'POST', path, { body, headers }).catch(() => undefined);
    if (answer?.status === 201) return answer.body.id;
    if (answer && answer.status < 500) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    await shortly();
  }
}

const shortly = () => new Promise((resolve) => setTimeout(resolve, 20));
