/**
 * A bare STREAM receiver behind loopback HTTP, as a process of its own: no ledger, no connector, no telemetry.
 * It says its port and fresh credentials for every payment on stdout, as one JSON line, and ends with its stdin.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StreamServer } from '@interledger/stream-receiver';
import { deserializeIlpPrepare, serializeIlpReply } from 'ilp-packet';

export interface BareReceiver {
  port: number;
  credentials: { ilpAddress: string; sharedSecret: string }[];
}

const payments = Number(process.argv[2]);
const receiver = new StreamServer({ serverSecret: randomBytes(32), serverAddress: 'test.bare' });

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  // Both sides of this call come from the library, only its types name another copy of ilp-packet.
  const moneyOrReply = receiver.createReply(deserializeIlpPrepare(Buffer.concat(chunks)) as never);
  const reply = 'accept' in moneyOrReply ? moneyOrReply.accept() : moneyOrReply;
  // Of the packets that probe the rate this receiver says F05 (wrong condition), and the sender goes on only at F99.
  if ('code' in reply && reply.code === 'F05') reply.code = 'F99';
  response.setHeader('content-type', 'application/octet-stream');
  response.end(serializeIlpReply(reply));
});
server.listen(0, '127.0.0.1', () => {
  const credentials = Array.from({ length: payments }, () => {
    const { ilpAddress, sharedSecret } = receiver.generateCredentials({ asset: { code: 'USD', scale: 2 } });
    return { ilpAddress, sharedSecret: sharedSecret.toString('base64') };
  });
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ port, credentials } satisfies BareReceiver)}\n`);
});
process.stdin.once('end', () => process.exit(0)).resume();
