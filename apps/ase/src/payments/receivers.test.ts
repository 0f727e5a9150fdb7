import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createReceivers } from './receivers.ts';

const SECRET = Buffer.alloc(32, 7);

describe('receivers at another ASE', () => {
  let server: Server;
  let reachedAt: string;
  let asked: string[];

  before(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(request.url!);
      response.end(
        JSON.stringify({
          completed: false,
          receivedAmount: { value: '5', assetCode: 'EUR', assetScale: 2 },
          methods: [
            { type: 'ilp', ilpAddress: 'test.happy-life.x', sharedSecret: SECRET.toString('base64url') },
          ],
        }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    reachedAt = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  test('are read where their origin is routed to, and only when that origin is allowed', async () => {
    const receivers = createReceivers({
      allowedOrigins: ['http://happy-life.test'],
      publicUrl: 'http://cloud-nine.test',
      routes: { 'http://happy-life.test': reachedAt },
      local: () => undefined,
    });
    const path = `/incoming-payments/${randomUUID()}`;
    const receiver = await receivers.get(`http://happy-life.test${path}`);
    assert.equal(receiver.receivedUnits, 5n);
    assert.deepEqual(receiver.sharedSecret, SECRET);
    assert.deepEqual(asked, [path]);
    // The address behind the route is not a name that clients may use.
    await assert.rejects(receivers.get(`${reachedAt}${path}`), { code: 'receiver_not_allowed' });
    await receivers.close();
  });
});
