import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createLedger } from '../ledger/ledger.ts';
import { createPacketStore } from './packetStore.ts';

it('keeps the newest replies of each peer, however many come from the others', async () => {
  const ledger = createLedger({ file: ':memory:' });
  const store = createPacketStore(ledger, 100n);
  const fingerprint = Buffer.alloc(32);
  const keep = (peer: 'peer:calm' | 'peer:busy', n: number) =>
    ledger.commit((tx) => store.keepReply(tx, peer, { key: `k${n}`, fingerprint }, Buffer.of(14)));
  for (let n = 0; n < 50; n += 1) await keep('peer:calm', n);
  for (let n = 0; n < 2_000; n += 1) await keep('peer:busy', n);
  const count = (peer: string) =>
    ledger.read.get<{ n: bigint }>('SELECT count(*) AS n FROM stored_replies WHERE account = ?', peer)!.n;
  assert.equal(count('peer:calm'), 50n);
  assert.equal(count('peer:busy'), 100n);
  assert.ok(store.findReply('peer:busy', 'k1999'));
  assert.ok(store.findReply('peer:busy', 'k1900'));
  assert.equal(store.findReply('peer:busy', 'k1899'), undefined);
  await ledger.close();
});
