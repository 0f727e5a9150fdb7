import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { deserializeIlpReply, isFulfill, serializeIlpPrepare } from 'ilp-packet';
import { prepareOf } from '../../../apps/ase/src/connector/testing.ts';
import { createPeerLink } from '../../../apps/ase/src/ilp/peerLink.ts';
import { startFakeCollector } from '../../../apps/ase/src/telemetry/network/testing.ts';
import { createTestNetwork, peerToken } from '../../../apps/ase/src/testNetwork.ts';
import { messageOf } from '../errors.ts';
import { waitFor } from '../wait.ts';
import { alternate, type Bench, type BenchContext, type Measured } from './bench.ts';
import { SMALL_HEAP } from './network.ts';
import { closedLoop, openLoop } from './openLoop.ts';
import { percentile } from './statistics.ts';

const [SENDER, CONNECTOR, RECEIVER] = ['cloud-nine', 'global-bank', 'happy-life'] as const;
const SECONDS = 5;
const AT_ONCE = 64;
const PACKET_TIMEOUT_MS = 10_000;
const READY_WITHIN_MS = 30_000;
const PERCENTS = [99, 95, 50] as const;

/** What a packet waits for at a connector that is busy, but not too busy. */
export const LATENCY: Bench = {
  summary:
    'latency that an ASE between sender and receiver adds to a packet, at half of the packets that it takes in that run',
  baseline: 'the same packets from the same sender straight to the same bare receiver, at the same pace',
  defaultRounds: 10,
  async run(context) {
    const collector = await startFakeCollector(0, { keeps: false });
    const network = await createTestNetwork(2, {
      ASE_OTLP_ENDPOINT: collector.url,
      OPEN_TELEMETRY_COLLECTOR_URLS: collector.url,
      NODE_OPTIONS: SMALL_HEAP,
    });
    const echo = spawn(
      process.execPath,
      [path.join(import.meta.dirname, 'latencyEcho.ts'), new URL(network.urls[RECEIVER]!).port],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    try {
      await Promise.all([once(echo.stdout, 'data'), network.start(CONNECTOR, 'child')]);
      const through = createSender(network.urls[CONNECTOR]!);
      const straight = createSender(network.urls[RECEIVER]!);
      await waitFor(() => through().then(nothing, messageOf), { timeoutMs: READY_WITHIN_MS, ...context });
      return await measure(through, straight, context);
    } finally {
      echo.kill('SIGKILL');
      await network.close();
      await collector.close();
    }
  },
};

const nothing = () => undefined;

async function measure(through: Send, straight: Send, context: BenchContext): Promise<Measured[]> {
  const { say, signal } = context;
  const full = { atOnce: AT_ONCE, seconds: SECONDS, signal };
  // The first time, things are compiled and filled that are not the matter here.
  for (const send of [through, straight, through]) await closedLoop(send, full);
  const most = await closedLoop(through, full);
  const half = { perSecond: most / 2, seconds: SECONDS, signal };
  say(`  ${most.toFixed(0)} packets a second at most; latency at half of that`);
  const { ours, baseline } = await alternate(
    context,
    () => openLoop(through, half),
    () => openLoop(straight, half),
  );
  const at = (percent: number, rounds: readonly number[][]) => rounds.map((ms) => percentile(ms, percent));
  const added = (percent: number) => {
    const bare = at(percent, baseline);
    return at(percent, ours).map((ms, round) => ms - bare[round]!);
  };
  const unit = 'ms' as const;
  return [
    ...PERCENTS.map((percent) => ({
      name: `packet latency that a connector adds, p${percent}`,
      unit,
      ...(percent === 99 && { goal: 5 }),
      ours: added(percent),
      baseline: [],
    })),
    ...PERCENTS.map((percent) => ({
      name: `packet through a connector, p${percent}`,
      unit,
      ours: at(percent, ours),
      baseline: at(percent, baseline),
    })),
    { name: 'packets through a connector at most', unit: 'packets/s', ours: [most], baseline: [] },
  ];
}

type Send = () => Promise<void>;

/** Sends a packet as the sender's ASE would, until it is fulfilled. */
function createSender(url: string): Send {
  const link = createPeerLink({ url: `${url}/ilp`, token: peerToken(SENDER, CONNECTOR) });
  return async () => {
    const prepare = prepareOf({ amount: '1234', destination: `test.${RECEIVER}.bob` });
    const options = { idempotencyKey: randomUUID(), timeoutMs: PACKET_TIMEOUT_MS };
    const reply = deserializeIlpReply(await link.ask(serializeIlpPrepare(prepare), options));
    if (!isFulfill(reply)) throw new Error(`a packet was rejected: ${reply.code} ${reply.message}`);
  };
}
