import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { until } from '../../../../../prometheus/testing/program.ts';
import { makePayment, waitForEnd } from '../../payments/paymentScript.ts';
import { ADMIN_TOKEN, createTestNetwork, type TestNetwork } from '../../testNetwork.ts';
import type { NetworkReport } from './report.ts';
import { type FakeCollector, startDeafServer, startFakeCollector } from './testing.ts';

const closing: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

type Report = Extract<NetworkReport, { enabled: true }>;
const ADMIN = { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } };

async function collector(): Promise<FakeCollector> {
  const started = await startFakeCollector();
  closing.push(() => started.close());
  return started;
}

/** A network that tells everything exactly, a few times a second. */
async function network(hops: 1 | 2, env: Record<string, string> = {}): Promise<TestNetwork> {
  const made = await createTestNetwork(hops, {
    NETWORK_PRIVACY_MECHANISM: 'off',
    OPEN_TELEMETRY_EXPORT_INTERVAL: '100',
    ...env,
  });
  closing.push(() => made.close());
  await Promise.all(Object.keys(made.urls).map((name) => made.start(name)));
  return made;
}

async function report(ases: TestNetwork, name: string): Promise<Report> {
  const { status, body } = await ases.request(name, 'GET', '/admin/network', ADMIN);
  assert.equal(status, 200);
  return body;
}

/** When nothing waits any more. A release can be read from the books a moment before its ASE knows it is on disk. */
const settled = (ases: TestNetwork, name: string): Promise<Report> =>
  until('all is released', async () => {
    const now = await report(ases, name);
    const { waiting, exact, counted, published } = now;
    // Counts are published as they are; amounts may be treated.
    const isPublished =
      published.transactions_total === exact.transactions_total &&
      published.packet_count_prepare_total === exact.packet_count_prepare_total;
    return waiting === 0 && isPublished && isDeepStrictEqual(exact, counted) ? now : undefined;
  });

async function pay(ases: TestNetwork, from: string, to: string, receiveUnits: bigint) {
  const { outgoing } = await makePayment(ases, { from, to, receiveUnits });
  const end = await waitForEnd(ases, outgoing);
  assert.equal(end.state, 'COMPLETED', end.failure);
  return { sentUnits: BigInt(end.sentAmount.value), feeUnits: BigInt(end.fee.value) };
}

test('the sender alone tells: its packets, its payment, its amount in dollars; who forwards or receives tells nothing', async () => {
  const there = await collector();
  const ases = await network(2, { OPEN_TELEMETRY_COLLECTOR_URLS: there.url });
  const { sentUnits, feeUnits } = await pay(ases, 'cloud-nine', 'happy-life', 35_000n);
  const { exact, counted, published, bounds } = await settled(ases, 'cloud-nine');
  const packets = exact.packet_count_fulfill_total;
  assert.ok(Number(packets) >= 4, 'a packet is at most 100 dollars');
  assert.deepEqual(exact, {
    transactions_total: '1',
    transactions_amount_total: `${sentUnits * 100n}`,
    packet_count_prepare_total: `${BigInt(packets) + BigInt(exact.packet_count_reject_total)}`,
    packet_count_fulfill_total: packets,
    packet_count_reject_total: exact.packet_count_reject_total,
    packet_amount_fulfill_total: `${sentUnits * 100n}`,
    transaction_fee_amounts_total: `${feeUnits * 100n}`,
  });
  assert.deepEqual(published, exact);
  assert.deepEqual(counted, exact);
  assert.ok(Object.values(bounds).every((bound) => bound === '0'));
  for (const other of ['global-bank', 'happy-life']) {
    assert.ok(
      Object.values((await settled(ases, other)).exact).every((total) => total === '0'),
      other,
    );
  }
  const ofSender = () =>
    there.received.findLast(({ resource }) => resource.instance === 'cloud-nine')?.metrics;
  await until('it is told', async () => ofSender()?.get('transactions_total')?.[0]?.value === 1n);
  assert.equal(ofSender()!.get('transactions_amount')![0]!.value, sentUnits * 100n);
  assert.deepEqual(ofSender()!.get('transactions_amount')![0]!.attributes, { source: 'cloud-nine' });
});

test('across currencies it is what really left, in the currency in which it left', async () => {
  const ases = await network(1);
  const { sentUnits, feeUnits } = await pay(ases, 'happy-life', 'cloud-nine', 12_345n);
  const { exact } = await settled(ases, 'happy-life');
  // EUR cents at 1.10.
  assert.equal(exact.transactions_amount_total, `${sentUnits * 110n}`);
  assert.equal(exact.transaction_fee_amounts_total, `${feeUnits * 110n}`);
});

test('without a rate packets and payment are counted, the amount is missing and the operator is told', async () => {
  const ases = await network(1);
  ases.rates.table = { USD: { EUR: '0.91' } };
  // The table is asked for every second.
  const { sentUnits } = await until('the rate is gone', async () => {
    const made = await pay(ases, 'happy-life', 'happy-life', 500n);
    const { totals } = await ases.admin('happy-life', '/admin/ledger');
    const missing = totals.find(({ quantity }) => quantity === 'network_telemetry_unconverted_total');
    return missing && { ...made, missing };
  });
  const before = (await settled(ases, 'happy-life')).exact;
  await pay(ases, 'happy-life', 'happy-life', 500n);
  const after = (await settled(ases, 'happy-life')).exact;
  assert.ok(sentUnits > 0n);
  assert.equal(after.transactions_amount_total, before.transactions_amount_total);
  assert.equal(BigInt(after.transactions_total), BigInt(before.transactions_total) + 1n);
  assert.equal(BigInt(after.packet_count_fulfill_total), BigInt(before.packet_count_fulfill_total) + 1n);
});

test('a daily rate from elsewhere helps out', async () => {
  const daily = await ratesFile('{"base":"USD","rates":{"EUR":0.8}}');
  const ases = await network(1, { TELEMETRY_EXCHANGE_RATES_URL: daily });
  ases.rates.table = { USD: { EUR: '0.91' } };
  await until('it is used', async () => {
    const before = (await settled(ases, 'happy-life')).exact;
    const { sentUnits } = await pay(ases, 'happy-life', 'happy-life', 800n);
    const { exact } = await settled(ases, 'happy-life');
    const more = BigInt(exact.transactions_amount_total) - BigInt(before.transactions_amount_total);
    return more === sentUnits * 125n;
  });
});

test('a payment that fails in the middle is a transaction, with what was sent of it', async () => {
  const ases = await network(1);
  const plan = { from: 'cloud-nine', to: 'happy-life', receiveUnits: 2_000_000n };
  const { outgoing, incoming } = await makePayment(ases, plan);
  await until('something arrived', async () => {
    const { body } = await ases.request('happy-life', 'GET', incoming);
    return body.receivedAmount.value !== '0';
  });
  await ases.request('happy-life', 'POST', `${incoming}/complete`);
  const end = await waitForEnd(ases, outgoing);
  assert.equal(end.state, 'FAILED');
  const { exact } = await settled(ases, 'cloud-nine');
  assert.equal(exact.transactions_total, '1');
  assert.equal(exact.transactions_amount_total, `${BigInt(end.sentAmount.value) * 100n}`);
  assert.equal(exact.transaction_fee_amounts_total, '0');
  assert.ok(BigInt(exact.packet_count_reject_total) > 0n);
});

test('a payment of which nothing was sent is none', async () => {
  const ases = await network(1);
  const post = async (name: string, path: string, body: object): Promise<string> => {
    const answer = await ases.request(name, 'POST', path, { body });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body.id;
  };
  const walletAddress = `${ases.urls['cloud-nine']}/bob`;
  const receiver = await post('happy-life', '/incoming-payments', {
    walletAddress: `${ases.urls['happy-life']}/alice`,
    incomingAmount: { value: '100', assetCode: 'EUR', assetScale: 2 },
  });
  const quoteId = await post('cloud-nine', '/quotes', { walletAddress, receiver, method: 'ilp' });
  await ases.request('', 'POST', `${receiver}/complete`);
  const end = await waitForEnd(
    ases,
    await post('cloud-nine', '/outgoing-payments', { walletAddress, quoteId }),
  );
  assert.equal(end.state, 'FAILED');
  assert.equal((await settled(ases, 'cloud-nine')).exact.transactions_total, '0');
});

test('off: no connection, no timer, nothing noted, and an operator who asks is told so', async () => {
  const there = await collector();
  const ases = await network(1, { OPEN_TELEMETRY_COLLECTOR_URLS: there.url, ENABLE_TELEMETRY: 'false' });
  await pay(ases, 'cloud-nine', 'happy-life', 1_000n);
  assert.equal(there.connections(), 0);
  const answer = await ases.request('cloud-nine', 'GET', '/admin/network', ADMIN);
  assert.deepEqual(answer.body, { enabled: false, network: 'testnet' });
  const change = { ...ADMIN, body: { mechanism: 'off' } };
  assert.equal((await ases.request('cloud-nine', 'PUT', '/admin/privacy', change)).status, 409);
});

test('off on the livenet until somebody opts in', async () => {
  const there = await collector();
  const ases = await network(1, { OPEN_TELEMETRY_COLLECTOR_URLS: there.url, LIVENET: 'true' });
  await pay(ases, 'cloud-nine', 'happy-life', 1_000n);
  assert.equal(there.connections(), 0);
});

test('dead and deaf collectors change nothing for payments, and nothing for the one that is well', async () => {
  const dead = await startDeafServer();
  await dead.close();
  const deaf = await startDeafServer();
  closing.push(() => deaf.close());
  const there = await collector();
  const urls = [dead.url, deaf.url, there.url].join(',');
  const ases = await network(1, { OPEN_TELEMETRY_COLLECTOR_URLS: urls });
  await pay(ases, 'cloud-nine', 'happy-life', 1_000n);
  const { exact } = await settled(ases, 'cloud-nine');
  const told = () =>
    there.received
      .findLast(({ resource }) => resource.instance === 'cloud-nine')
      ?.metrics.get('transactions_amount')?.[0]?.value;
  await until('it is told', async () => told() === BigInt(exact.transactions_amount_total));
  // A busy machine may take longer for one export than the short interval of this test allows.
  await until('one of three is well', async () => {
    const health = (await report(ases, 'cloud-nine')).collectors.map(({ ok }) => ok);
    return isDeepStrictEqual(health, [false, false, true]);
  });
  assert.ok(deaf.connections() <= 2, 'one for each ASE');
});

test('kill -9 in mid-traffic: exact and published totals go on, nothing is lost, told twice or taken back', {
  timeout: 300_000,
}, async (t) => {
  const there = await collector();
  const ases = await createTestNetwork(1, {
    OPEN_TELEMETRY_COLLECTOR_URLS: there.url,
    OPEN_TELEMETRY_EXPORT_INTERVAL: '60',
  });
  closing.push(() => ases.close());
  await ases.start('cloud-nine');
  await ases.start('happy-life', 'child');
  let done = 0;
  const killing = (async () => {
    for (const mark of [2, 5, 8]) {
      while (done < mark && !t.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 3));
      await ases.kill('happy-life');
      await ases.start('happy-life', 'child');
    }
  })();
  const ends = await Promise.all(
    Array.from({ length: 12 }, async (_, i) => {
      const plan = { from: 'happy-life', to: 'cloud-nine', receiveUnits: BigInt(20_000 + i * 9_973) };
      const { outgoing } = await makePayment(ases, plan);
      const end = await waitForEnd(ases, outgoing);
      done += 1;
      assert.equal(end.state, 'COMPLETED', end.failure);
      return { sentUnits: BigInt(end.sentAmount.value), feeUnits: BigInt(end.fee.value) };
    }),
  );
  await killing;
  const { exact, counted, published } = await settled(ases, 'happy-life');
  // EUR cents at 1.10, also of packets that were taken up again, whose Prepares are in USD.
  const sum = (of: 'sentUnits' | 'feeUnits') => ends.reduce((total, end) => total + end[of], 0n);
  assert.equal(exact.transactions_total, '12');
  assert.equal(exact.transactions_amount_total, `${sum('sentUnits') * 110n}`);
  assert.equal(exact.transaction_fee_amounts_total, `${sum('feeUnits') * 110n}`);
  assert.equal(published.transactions_total, '12');
  assert.deepEqual(counted, exact);

  const { body } = await ases.request('happy-life', 'GET', '/admin/privacy', ADMIN);
  const off = body.mechanisms.find(({ name }: { name: string }) => name === 'off');
  assert.equal(off.publishedUnits, exact.transactions_amount_total, 'every packet was taken in exactly once');
  const { totals } = await ases.admin('happy-life', '/admin/ledger');
  const packets = totals.find(({ labels }) => labels.type === 'prepare' && labels.status === 'fulfilled');
  assert.equal(exact.packet_count_fulfill_total, packets?.value);

  const series = new Map<string, bigint>();
  for (const { resource, metrics } of there.received) {
    if (resource.instance !== 'happy-life') continue;
    for (const [name, points] of metrics) {
      if (name.endsWith('_ms')) continue;
      const value = points[0]!.value;
      assert.ok(value >= (series.get(name) ?? 0n), `${name} went down`);
      series.set(name, value);
    }
  }
  await until('the last is told', async () => {
    const last = there.received.findLast(({ resource }) => resource.instance === 'happy-life');
    return (
      last?.metrics.get('transactions_amount')?.[0]?.value === BigInt(published.transactions_amount_total)
    );
  });
});

test('the mechanism is chosen while it runs; a bad choice is refused with every problem named', async () => {
  const ases = await network(1, { NETWORK_PRIVACY_MECHANISM: 'continual' });
  const change = { ...ADMIN, body: { mechanism: 'unbiased', epsilon: 0.5 } };
  const { status, body } = await ases.request('cloud-nine', 'PUT', '/admin/privacy', change);
  assert.equal(status, 200);
  assert.equal(body.mechanism, 'unbiased');
  assert.equal(body.epsilon, 0.5);
  assert.deepEqual((await ases.request('cloud-nine', 'GET', '/admin/privacy', ADMIN)).body, body);
  for (const epsilon of [0, -1, '1', 100.5, 0.00001, null]) {
    const bad = { ...ADMIN, body: { mechanism: 'none', epsilon, clip: 1 } };
    const refused = await ases.request('cloud-nine', 'PUT', '/admin/privacy', bad);
    assert.equal(refused.status, 400);
    assert.match(refused.body.error.description, /mechanism must be/);
    assert.match(refused.body.error.description, /epsilon must be/);
    assert.match(refused.body.error.description, /clip is not known/);
  }
  assert.equal((await ases.request('cloud-nine', 'GET', '/admin/privacy')).status, 401);
});

/** A web server with one answer. */
async function ratesFile(body: string): Promise<string> {
  const { createServer } = await import('node:http');
  const server = createServer((_request, response) => response.end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/rates.json`;
}
