import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { VerbError } from '../errors.ts';
import type { BenchContext } from './bench.ts';
import type { Listening, PairResult, PairRound, PairSide } from './packetOrder.ts';
import type { PairOrder } from './packetPair.ts';

/** About what a connector sends in one export interval of the playground, and so what one release and export is for. */
const PACKETS = 15_000;

/** Of each side, in order of the rounds. */
export type Measures<Side extends PairSide> = Record<keyof PairResult, Record<Side, number[]>>;

/** Sends packets from one process to another on each of the sides in turn. */
export async function measurePackets<Side extends PairSide>(
  { rounds, say, signal }: BenchContext,
  sides: readonly Side[],
): Promise<Measures<Side>> {
  const results: PairRound[] = [];
  const folder = await mkdtemp(path.join(tmpdir(), 'playground-bench-'));
  const children: ChildProcess[] = [];
  const start = (order: PairOrder): ChildProcess => {
    const child = spawnPair(order);
    children.push(child);
    return child;
  };
  try {
    const collectorUrl = await urlOf(start({ role: 'collector' }));
    const orderOf = async (name: string) => ({
      ledgerFolder: await mkdtemp(path.join(folder, `${name}-`)),
      collectorUrl,
      sides: [...sides],
    });
    const receiverUrl = await urlOf(start({ role: 'receiver', ...(await orderOf('receiver')) }));
    const order = { ...(await orderOf('sender')), receiverUrl, packets: PACKETS, rounds };
    for await (const line of linesOf(start({ role: 'sender', ...order }))) {
      signal.throwIfAborted();
      results.push(JSON.parse(line));
      say(`  round ${results.length} of ${rounds}`);
    }
    if (results.length < rounds) throw new VerbError('the packets of the bench were not sent to their end');
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
  const ofEach = (measure: keyof PairResult) =>
    Object.fromEntries(sides.map((side) => [side, results.map((round) => round[side]![measure])])) as Record<
      Side,
      number[]
    >;
  return {
    perSecond: ofEach('perSecond'),
    cpuMicroseconds: ofEach('cpuMicroseconds'),
    receiverCpuMicroseconds: ofEach('receiverCpuMicroseconds'),
  };
}

/** How much fewer, of each round. */
export const lostPercent = (ours: readonly number[], baseline: readonly number[]): number[] =>
  ours.map((value, round) => (1 - value / baseline[round]!) * 100);

/** How much more, of each round. */
export const addedPercent = (ours: readonly number[], baseline: readonly number[]): number[] =>
  ours.map((value, round) => (value / baseline[round]! - 1) * 100);

function spawnPair(order: PairOrder): ChildProcess {
  const program = path.join(import.meta.dirname, 'packetPair.ts');
  return spawn(process.execPath, [program, JSON.stringify(order)], { stdio: ['pipe', 'pipe', 'inherit'] });
}

const linesOf = ({ stdout }: ChildProcess): AsyncIterable<string> =>
  createInterface({ input: stdout as Readable });

async function urlOf(child: ChildProcess): Promise<string> {
  for await (const line of linesOf(child)) return (JSON.parse(line) as Listening).url;
  throw new VerbError('a process of the bench did not start');
}
