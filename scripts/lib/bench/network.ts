import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makePayment, waitForEnd } from '../../../apps/ase/src/payments/paymentScript.ts';
import { startDeafServer } from '../../../apps/ase/src/telemetry/network/testing.ts';
import { createTestNetwork, type TestNetwork } from '../../../apps/ase/src/testNetwork.ts';
import { parsePrometheusText } from '../../../telemetry/textFormat.ts';
import { VerbError } from '../errors.ts';
import { alternate, type Bench, type BenchContext, type Measured } from './bench.ts';
import { addedPercent, lostPercent, measurePackets } from './packetRounds.ts';
import { median } from './statistics.ts';

const PAYMENTS = 15;
/** A round of packets takes a second or two, one of payments several. */
const MOST_PAYMENT_ROUNDS = 10;
/** As the playground's ASEs have it: without a limit Node would let garbage lie, and memory would say nothing. */
export const SMALL_HEAP = '--max-old-space-size=96 --max-semi-space-size=4';
const SENDER = 'cloud-nine';

/** What network telemetry costs those who have it on, and what it costs them when nobody listens. */
export const NETWORK: Bench = {
  summary:
    'packets per second with network telemetry on; a payment while every network collector is dead, deaf or slow',
  baseline: 'the same with network telemetry off, in turn, in the same run',
  defaultRounds: 20,
  async run(context) {
    context.say('  packets, with network telemetry and without');
    const { perSecond, cpuMicroseconds } = await measurePackets(context, ['network', 'operator']);
    context.say('  payments, with collectors that do not listen and without network telemetry');
    const payments = await measurePayments({
      ...context,
      rounds: Math.min(context.rounds, MOST_PAYMENT_ROUNDS),
    });
    const { network, operator } = perSecond;
    return [
      {
        name: 'packets lost to network telemetry',
        unit: 'percent',
        goal: 3,
        ours: lostPercent(network, operator),
        baseline: [],
      },
      {
        name: 'processor time that network telemetry adds to the sender',
        unit: 'percent',
        ours: addedPercent(cpuMicroseconds.network, cpuMicroseconds.operator),
        baseline: [],
      },
      { name: 'packets with network telemetry', unit: 'packets/s', ours: network, baseline: operator },
      {
        name: 'processor time of the sender',
        unit: 'µs/packet',
        ours: cpuMicroseconds.network,
        baseline: cpuMicroseconds.operator,
      },
      ...payments,
    ];
  },
};

/** Two networks of real ASEs beside each other, paid in turn, one payment after the other. */
async function measurePayments(context: BenchContext): Promise<Measured[]> {
  const listeners = await startBadListeners();
  const networks: TestNetwork[] = [];
  const startNetwork = async (env: Record<string, string>) => {
    const made = await createTestNetwork(1, { ...env, NODE_OPTIONS: SMALL_HEAP });
    networks.push(made);
    await Promise.all(Object.keys(made.urls).map((name) => made.start(name, 'child')));
    return made;
  };
  try {
    const ours = await startNetwork({
      OPEN_TELEMETRY_COLLECTOR_URLS: listeners.urls.join(','),
      // Many more attempts than there would be in earnest.
      OPEN_TELEMETRY_EXPORT_INTERVAL: '250',
    });
    const bare = await startNetwork({ ENABLE_TELEMETRY: 'false' });
    for (const warmUp of [ours, bare]) await payAFew(warmUp);
    const measured = await alternate(
      context,
      () => payAFew(ours),
      () => payAFew(bare),
    );
    const rss = async (network: TestNetwork) => [await megabytes(network)];
    return [
      { name: 'payment while no network collector listens', unit: 'seconds', ...measured },
      { name: 'memory of its ASE', unit: 'MB', ours: await rss(ours), baseline: await rss(bare) },
    ];
  } finally {
    await Promise.all(networks.map((network) => network.close()));
    await listeners.close();
  }
}

/** The median time of a payment of some packets, in seconds. */
async function payAFew(network: TestNetwork): Promise<number> {
  const seconds: number[] = [];
  for (let i = 0; i < PAYMENTS; i++) {
    const startedAtMs = performance.now();
    const plan = { from: SENDER, to: 'happy-life', receiveUnits: 25_000n };
    const { outgoing } = await makePayment(network, plan);
    const { state, failure } = await waitForEnd(network, outgoing);
    if (state !== 'COMPLETED') throw new VerbError(`a payment of the bench failed: ${failure}`);
    seconds.push((performance.now() - startedAtMs) / 1000);
  }
  return median(seconds);
}

async function megabytes(network: TestNetwork): Promise<number> {
  const { body } = await network.request(SENDER, 'GET', '/metrics');
  const sample = parsePrometheusText(body).find(({ name }) => name === 'process_memory_usage_bytes');
  return Number(sample?.value) / 1e6;
}

/** One that is not there, one that never answers, and one that answers late and wrong. */
async function startBadListeners() {
  const dead = await startDeafServer();
  await dead.close();
  const deaf = await startDeafServer();
  const slow = createServer((_request, response) => {
    setTimeout(() => response.end(), 200).unref();
  }).listen(0, '127.0.0.1');
  await once(slow, 'listening');
  return {
    urls: [dead.url, deaf.url, `http://127.0.0.1:${(slow.address() as AddressInfo).port}`],
    async close() {
      slow.close();
      slow.closeAllConnections();
      await deaf.close();
    },
  };
}
