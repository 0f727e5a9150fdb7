/**
 * A bare receiver of ILP packets over loopback HTTP, as a process of its own: it decodes each and fulfills it. Its one
 * argument is the port. It writes a line when it listens, and ends with its stdin.
 */
import { createServer } from 'node:http';
import { deserializeIlpPrepare, serializeIlpFulfill } from 'ilp-packet';
import { PREIMAGE } from '../../../apps/ase/src/connector/testing.ts';

createServer((request, response) => {
  // An ASE also asks its peers whether they are well.
  if (request.method !== 'POST') return void response.end();
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { data } = deserializeIlpPrepare(Buffer.concat(chunks));
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.end(serializeIlpFulfill({ fulfillment: PREIMAGE, data }));
  });
}).listen(Number(process.argv[2]), '127.0.0.1', () => process.stdout.write('listening\n'));
process.stdin.once('end', () => process.exit(0)).resume();
