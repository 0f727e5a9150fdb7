/**
 * Packets from one process to another over loopback HTTP, on several sides in turn. Its one argument is a PairOrder as
 * JSON. The sender is one process for all sides, and so is the receiver, so that what the machine does besides meets
 * each of them. Collector and receiver write where they listen and end with their stdin; the sender writes one PairRound
 * as a JSON line for each round.
 */
import { once } from 'node:events';
import { startFakeCollector } from '../../../apps/ase/src/telemetry/network/testing.ts';
import type { Listening, ReceiverOrder, SenderOrder } from './packetOrder.ts';
import { openReceiver } from './packetReceiver.ts';
import { send } from './packetSender.ts';

export type PairOrder =
  | { role: 'collector' }
  | ({ role: 'receiver' } & ReceiverOrder)
  | ({ role: 'sender' } & SenderOrder);

/** Says where it listens; resolves when there is nobody left to listen for. */
async function serve({ url }: Listening): Promise<void> {
  process.stdout.write(`${JSON.stringify({ url } satisfies Listening)}\n`);
  await once(process.stdin.resume(), 'end');
}

async function run(order: PairOrder): Promise<void> {
  if (order.role === 'collector') return serve(await startFakeCollector(0, { keeps: false }));
  if (order.role === 'receiver') return serve(await openReceiver(order));
  for await (const round of send(order)) process.stdout.write(`${JSON.stringify(round)}\n`);
}

await run(JSON.parse(process.argv[2] ?? ''));
process.exit(0);
