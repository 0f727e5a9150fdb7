import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { VerbError } from '../errors.ts';
import type { BenchContext } from './bench.ts';
import type { PairOrder, PairPlace, PairRound, PairSide } from './packetPair.ts';

/** About what a connector sends in one export interval of the playground, and so what one release and export is for. */
const PACKETS = 5_000;

/** Sends packets from one process to another on each of the sides in turn; the results of each side, in order of the rounds. */
export async function measurePackets<Side extends PairSide>(
  { rounds, say, signal }: BenchContext,
  sides: readonly Side[],
): Promise<{ perSecond: Record<Side, number[]>; cpuMicroseconds: Record<Side, number[]> }> {
  const results: PairRound[] = [];
  const folder = await mkdtemp(path.join(tmpdir(), 'playground-bench-'));
  const receiver = start({ role: 'receiver', ledgerFolder: await mkdtemp(path.join(folder, 'receiver-')) });
  let sender: ChildProcess | undefined;
  try {
    const place = JSON.parse(await firstLine(receiver)) as PairPlace;
    const ledgerFolder = await mkdtemp(path.join(folder, 'sender-'));
    sender = start({ role: 'sender', ledgerFolder, place, packets: PACKETS, rounds, sides: [...sides] });
    for await (const line of linesOf(sender)) {
      signal.throwIfAborted();
      results.push(JSON.parse(line));
      say(`  round ${results.length} of ${rounds}`);
    }
    if (results.length < rounds) throw new VerbError('the packets of the bench were not sent to their end');
  } finally {
    sender?.kill('SIGKILL');
    receiver.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
  const ofEach = <T>(pick: (side: Side) => T) =>
    Object.fromEntries(sides.map((side) => [side, pick(side)])) as Record<Side, T>;
  return {
    perSecond: ofEach((side) => results.map((round) => round[side]!.perSecond)),
    cpuMicroseconds: ofEach((side) => results.map((round) => round[side]!.cpuMicroseconds)),
  };
}

/** How much fewer, of each round. */
export const lostPercent = (ours: readonly number[], baseline: readonly number[]): number[] =>
  ours.map((value, round) => (1 - value / baseline[round]!) * 100);

function start(order: PairOrder): ChildProcess {
  const program = path.join(import.meta.dirname, 'packetPair.ts');
  return spawn(process.execPath, [program, JSON.stringify(order)], { stdio: ['pipe', 'pipe', 'inherit'] });
}

const linesOf = ({ stdout }: ChildProcess): AsyncIterable<string> =>
  createInterface({ input: stdout as Readable });

async function firstLine(child: ChildProcess): Promise<string> {
  for await (const line of linesOf(child)) return line;
  throw new VerbError('the receiver of the bench did not start');
}
