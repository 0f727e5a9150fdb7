import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { freePorts } from '../../scripts/lib/freePorts.ts';
import { sendPacket } from '../fixtures/packets.ts';
import { Playground } from '../fixtures/playground.ts';

/**
 * Each alert is made to fire by its cause, for real: from the ASE over Prometheus and Alertmanager to the sink, and to end
 * when the cause ends. Every duration of the rules is as short as can be (`for` a second, windows ten), so that an alert has
 * to arrive within half a minute of its cause, and its end within half a minute of that of its cause.
 */
const SETTINGS = {
  ALERT_SPEED: '5000',
  // Three in a hundred may fail: so that a few failures burn the budget slowly, and many of them fast.
  SLA_PACKET_SUCCESS_THRESHOLD: '0.97',
  SLA_P99_LATENCY_MS: '1000',
};
/** `for` is a second; and 30 more. */
const WITHIN_MS = 31_000;

interface Report {
  firing: { name: string }[];
  deliveries: { alerts: { name: string; status: 'firing' | 'resolved'; instance: string | null }[] }[];
  heartbeat: { ok: boolean };
}

const GLOBAL_BANK = { name: 'global-bank', port: 14300 };

test.describe.configure({ mode: 'serial' });

let playground: Playground;

test.beforeAll(async () => {
  playground = new Playground({
    home: mkdtempSync(path.join(tmpdir(), 'playground-alerts-')),
    portOffset: (await freePorts()).portOffset,
    settings: SETTINGS,
  });
  await up();
});

test.afterAll(async () => {
  await playground.verb('down', '--volumes');
  rmSync(playground.home, { recursive: true, force: true });
});

test('nothing fires on a playground that is well, and the dead man’s switch is heard', async () => {
  await expect.poll(async () => (await read()).heartbeat.ok, { timeout: WITHIN_MS }).toBe(true);
  expect((await read()).firing).toEqual([]);
});

test('packets that fail now and then: error rate, promise, and a slow fire', async () => {
  const names = ['HighPacketErrorRate', 'PacketSLABreach', 'PacketBudgetBurnsSlowly'];
  // Beside the background payments, which succeed.
  await whileGoing(names, () => repeat(700, () => sendPacket(playground, UNREACHABLE)));
});

test('most packets fail: a fast fire', async () => {
  await whileGoing(['PacketBudgetBurnsFast'], () =>
    repeat(100, () => Promise.all(times(10, () => sendPacket(playground, UNREACHABLE)))),
  );
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
    const packets = await repeat(200, () => sendPacket(playground, TO_HAPPY_LIFE));
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
      sockets.push(...times(Math.min(100, 900 - sockets.length), () => holdRequest(GLOBAL_BANK.port)));
    });
    return async () => {
      await stop();
      for (const socket of sockets) socket.destroy();
      // Memory that was freed is not always given back.
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
  try {
    await expect.poll(() => heard(names, 'firing', sinceMs), { timeout: WITHIN_MS }).toEqual(names);
  } finally {
    await end();
  }
  const endedAtMs = Date.now();
  await expect.poll(() => heard(names, 'resolved', endedAtMs), { timeout: WITHIN_MS }).toEqual(names);
}

/** Which of the alerts the sink has heard of in this state since then. */
async function heard(names: string[], status: 'firing' | 'resolved', sinceMs: number): Promise<string[]> {
  const { deliveries } = (await (
    await fetch(`http://127.0.0.1:${playground.port(19094)}/deliveries`)
  ).json()) as { deliveries: (Report['deliveries'][number] & { receivedAtMs: number })[] };
  const told = deliveries
    .filter(({ receivedAtMs }) => receivedAtMs >= sinceMs)
    .flatMap(({ alerts }) => alerts.filter((alert) => alert.status === status).map(({ name }) => name));
  return names.filter((name) => told.includes(name));
}

async function read(): Promise<Report> {
  return (await playground.verb<Report>('alerts')).report;
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

/** A request whose last byte never comes. */
function holdRequest(port: number): Socket {
  const bytes = 60_000;
  const socket = connect(playground.port(port), '127.0.0.1');
  socket.on('error', () => socket.destroy());
  socket.write(
    `POST /quotes HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${bytes}\r\n\r\n`,
  );
  socket.write(Buffer.alloc(bytes - 1, ' '));
  return socket;
}

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}
