import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import type { Heard } from '../../apps/alert-sink/src/deliveries.ts';
import { slowClient, UNFINISHED } from '../../apps/ase/src/testSlowClients.ts';
import type { AlertsReport } from '../../scripts/lib/alerting/read.ts';
import { freePorts } from '../../scripts/lib/freePorts.ts';
import { sendPacket } from '../fixtures/packets.ts';
import { Playground } from '../fixtures/playground.ts';
import { settlementOf } from '../fixtures/settlement.ts';

/**
 * Each alert is made to fire by its cause, for real: from the ASE over Prometheus and Alertmanager to the sink, and to end
 * when the cause ends. Every duration of the rules is as short as can be (`for` a second, windows ten), so that an alert has
 * to arrive within half a minute of its cause, and its end within half a minute of that of its cause.
 */
const SETTINGS = {
  ALERT_SPEED: '5000',
  // Of a hundred 15 may fail: then the budget burns slowly when about half fail, and fast when nearly all do.
  SLA_PACKET_SUCCESS_THRESHOLD: '0.85',
  SLA_SETTLEMENT_SUCCESS_THRESHOLD: '0.85',
  SLA_P99_LATENCY_MS: '1000',
};
/** `for` is a second; and 30 more. */
const WITHIN_MS = 31_000;
/** The dead man's switch is told every second or two. */
const SILENT_MS = 8_000;

const NEIGHBOURS = ['cloud-nine', 'happy-life'] as const;
const GLOBAL_BANK = { name: 'global-bank', port: 14300 };

test.describe.configure({ mode: 'serial' });

let playground: Playground;
let settlement: ReturnType<typeof settlementOf>;

test.beforeAll(async () => {
  playground = new Playground({
    home: mkdtempSync(path.join(tmpdir(), 'playground-alerts-')),
    portOffset: (await freePorts()).portOffset,
    settings: SETTINGS,
  });
  await up();
  settlement = settlementOf(playground);
  // So that global-bank has a channel by which it pays each neighbour, however little it owes.
  for (const neighbour of NEIGHBOURS) {
    const paying = async () => {
      const channel = await settlement.paying('global-bank', neighbour);
      // An order is not kept for a day on which there is money, and the first money on a chain takes some blocks.
      if (!channel) await settlement.order('global-bank', neighbour, 1000);
      return channel;
    };
    await expect.poll(paying, { timeout: 30_000 }).toBeDefined();
  }
});

test.afterAll(async () => {
  await playground.verb('down', '--volumes');
  rmSync(playground.home, { recursive: true, force: true });
});

test('nothing fires on a playground that is well, and the dead man’s switch is heard', async () => {
  await expect.poll(async () => (await read()).heartbeat?.ok, { timeout: WITHIN_MS }).toBe(true);
  // What just started may still take more memory than it will.
  await expect.poll(async () => (await read()).firing, { timeout: WITHIN_MS }).toEqual([]);
});

test('packets and settlements that fail now and then: errors, promises, and slow fires', async () => {
  const names = [
    'HighPacketErrorRate',
    'PacketSLABreach',
    'PacketBudgetBurnsSlowly',
    'SettlementFailures',
    'SettlementSLABreach',
    'SettlementBudgetBurnsSlowly',
  ];
  await whileGoing(names, async () => {
    // Beside the background payments, which succeed.
    const packets = await repeat(700, () => sendPacket(playground, UNREACHABLE));
    const failing = await failingSettlements();
    const succeeding = await repeat(2000, () => settlement.order('global-bank', 'cloud-nine', 1));
    return () => Promise.all([packets(), failing(), succeeding()]);
  });
});

test('most packets and settlements fail: fast fires', async () => {
  await whileGoing(['PacketBudgetBurnsFast', 'SettlementBudgetBurnsFast'], async () => {
    const packets = await repeat(100, () =>
      Promise.all(times(10, () => sendPacket(playground, UNREACHABLE))),
    );
    const failing = await failingSettlements();
    return () => Promise.all([packets(), failing()]);
  });
});

test('a payer that closes its channel as if it had never paid: the payee disputes', async () => {
  await whileGoing(['ChannelDispute'], async () => {
    const channel = (await settlement.paying('global-bank', 'happy-life'))!;
    expect((await settlement.closeWithoutClaim('global-bank', channel.id)).status).toBe(200);
    // It does so by itself too, but only looks every two seconds.
    const disputing = await repeat(200, () => settlement.dispute('happy-life', channel.id));
    return disputing;
  });
});

test('an ASE that is killed: it is down, and packets to it are critical errors', async () => {
  await whileGoing(['ConnectorDown', 'CriticalErrorSpike'], async () => {
    await playground.kill('happy-life');
    const stop = await repeat(100, () => sendPacket(playground, TO_HAPPY_LIFE));
    return async () => {
      await stop();
      await up();
    };
  });
});

test('a peer that answers late: latency', async () => {
  await whileGoing(['HighP99Latency'], async () => {
    const pid = await playground.kill('happy-life', 'SIGCONT');
    const packets = await repeat(50, () => {
      void sendPacket(playground, TO_HAPPY_LIFE);
      return Promise.resolve();
    });
    const pauses = await repeat(300, async () => {
      process.kill(pid, 'SIGSTOP');
      await delay(1400);
      process.kill(pid, 'SIGCONT');
    });
    return async () => {
      await pauses();
      await packets();
    };
  });
});

test('a peer that does not answer: packets wait, throughput is low', async () => {
  await whileGoing(['LowThroughput'], async () => {
    const pid = await playground.kill('happy-life', 'SIGSTOP');
    const stop = await repeat(1000, () => {
      void Promise.all(times(4, () => sendPacket(playground, TO_HAPPY_LIFE)));
      return Promise.resolve();
    });
    return async () => {
      process.kill(pid, 'SIGCONT');
      await stop();
    };
  });
});

test('clients that send almost all of their requests and wait: memory', async () => {
  await whileGoing(['HighMemoryUsage'], async () => {
    let sockets: Socket[] = [];
    const stop = await repeat(500, async () => {
      sockets = sockets.filter((socket) => !socket.destroyed);
      sockets.push(
        ...times(Math.min(100, 950 - sockets.length), () =>
          slowClient(playground.port(GLOBAL_BANK.port), UNFINISHED['a body']),
        ),
      );
    });
    return async () => {
      await stop();
      for (const socket of sockets) socket.destroy();
      // What the C library once had it keeps; so the runbook says to restart.
      await playground.kill('global-bank');
      await up();
    };
  });
});

test('a disk that takes nothing more: the ledger', async () => {
  test.skip(process.platform !== 'linux', 'only Linux limits a running process');
  await whileGoing(['LedgerUnavailable'], async () => {
    const pid = await playground.kill('global-bank', 'SIGCONT');
    // Its log may still grow: a program that cannot write its log may end.
    const logBytes = statSync(path.join(playground.home, 'logs/global-bank.log')).size;
    execFileSync('prlimit', [`--pid=${pid}`, `--fsize=${logBytes + 40_000}`]);
    const stop = await repeat(200, () => sendPacket(playground, TO_HAPPY_LIFE));
    return async () => {
      await stop();
      await playground.kill('global-bank');
      await up();
    };
  });
});

test('a collector that is killed: the pipeline', async () => {
  await whileGoing(['TelemetryPipelineBroken'], async () => {
    await playground.kill('collector');
    return up;
  });
});

test('Alertmanager is killed: the dead man’s switch is not heard any more, until it is back', async () => {
  const silentForMs = async () => Date.now() - ((await heard()).heartbeatAtMs ?? 0);
  await expect.poll(silentForMs).toBeLessThan(SILENT_MS);
  await playground.kill('alertmanager');
  await expect.poll(silentForMs, { timeout: WITHIN_MS }).toBeGreaterThan(SILENT_MS);
  await up();
  await expect.poll(silentForMs, { timeout: WITHIN_MS }).toBeLessThan(SILENT_MS);
});

test('in the end nothing fires, and no number is wrong', async () => {
  await expect.poll(async () => (await read()).firing, { timeout: 60_000 }).toEqual([]);
  const truth = await playground.verb('truth');
  expect(truth.exitCode, truth.stdout).toBe(0);
});

/** Nobody is there, so it is rejected at once. */
const UNREACHABLE = { to: GLOBAL_BANK, from: 'cloud-nine', destination: 'test.nowhere' };
const TO_HAPPY_LIFE = { to: GLOBAL_BANK, from: 'cloud-nine', destination: 'test.happy-life.nobody' };

/** Starts a cause, waits until the sink has heard all its alerts, ends it, and waits until the sink has heard that too. */
async function whileGoing(names: string[], start: () => Promise<() => Promise<unknown>>): Promise<void> {
  const sinceMs = Date.now();
  const end = await start();
  let endsAtMs = 0;
  try {
    await expect.poll(() => told(names, 'firing', sinceMs), { timeout: WITHIN_MS }).toEqual(names);
  } finally {
    endsAtMs = Date.now();
    await end();
  }
  // What a killed program told of itself ends before it is back.
  await expect.poll(() => told(names, 'resolved', endsAtMs), { timeout: WITHIN_MS }).toEqual(names);
}

/** Which of the alerts the sink was told of in this state since then. */
async function told(names: string[], status: 'firing' | 'resolved', sinceMs: number): Promise<string[]> {
  const all = (await heard()).deliveries
    .filter(({ receivedAtMs }) => receivedAtMs >= sinceMs)
    .flatMap(({ alerts }) => alerts.filter((alert) => alert.status === status).map(({ name }) => name));
  return names.filter((name) => all.includes(name));
}

async function heard(): Promise<Heard> {
  const answer = await fetch(`http://127.0.0.1:${playground.port(19094)}/deliveries`);
  return (await answer.json()) as Heard;
}

async function read(): Promise<AlertsReport> {
  return (await playground.verb<AlertsReport>('alerts')).report;
}

async function up(): Promise<void> {
  const { exitCode, stderr } = await playground.verb('up', '--hops', '2');
  expect(exitCode, stderr).toBe(0);
}

/** Does something again and again, until it is told to stop; resolves when that has begun. */
async function repeat(pauseMs: number, work: () => Promise<unknown>): Promise<() => Promise<void>> {
  const stop = new AbortController();
  const going = (async () => {
    while (!stop.signal.aborted) {
      await work();
      await delay(pauseMs, undefined, { signal: stop.signal }).catch(() => {});
    }
  })();
  return async () => {
    stop.abort();
    await going;
  };
}

/** Global-bank is to pay more than its channel holds, and the chain refuses to put more in. */
async function failingSettlements(): Promise<() => Promise<void>> {
  await settlement.failNext('xrp', 1000);
  await settlement.order('global-bank', 'happy-life', 1_000_000);
  return async () => {
    await settlement.failNext('xrp', 0);
  };
}

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}
