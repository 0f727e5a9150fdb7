import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { it } from 'node:test';
import { describeOwner, listenerInodes, portOwner } from './portOwner.ts';

it('says who listens on a port, and nobody once it is free', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const owner = await portOwner('127.0.0.1', port);
  assert.equal(owner?.pid, process.pid);
  assert.match(describeOwner(owner!), new RegExp(`pid ${process.pid} \\(.*node`));
  server.close();
  await once(server, 'close');
  assert.equal(await portOwner('127.0.0.1', port), undefined);
});

it('has words for a port whose owner is hidden', () => {
  assert.equal(describeOwner({}), 'a process of another user');
});

it('finds listeners in a table of the kernel, and only listeners', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:36B0 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1234 1 0 100 0 0 10 0',
    '   1: 0100007F:36B0 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 5678 1 0 20 4 30 10 -1',
    '   2: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 9999 1 0 100 0 0 10 0',
  ].join('\n');
  assert.deepEqual(listenerInodes(table, 0x36b0), ['1234']);
});
