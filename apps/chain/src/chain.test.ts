import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createChainApp } from './app.ts';
import { type ChainRules, createChain, Refused } from './chain.ts';
import { openChainFile } from './schema.ts';
import { readSettings } from './settings.ts';
import {
  addressOf,
  type ChainName,
  exportPublicKey,
  signClaim,
  signTransaction,
  type Transaction,
  type UnsignedTransaction,
} from './wire.ts';

const CHANNEL = 'c'.repeat(32);

function person(chain: ChainName) {
  const key: KeyObject = generateKeyPairSync('ed25519').privateKey;
  const publicKey = exportPublicKey(key);
  const address = addressOf(chain, publicKey);
  let count = 0;
  return {
    address,
    sign: (content: object): Transaction =>
      signTransaction(
        chain,
        {
          id: `${address}:${count++}`,
          from: address,
          publicKey,
          token: 'USD',
          ...content,
        } as UnsignedTransaction,
        key,
      ),
    state: (nonce: number, amountUnits: bigint) => ({
      channel: CHANNEL,
      nonce,
      amount: String(amountUnits),
      claimSignature: signClaim(chain, { channel: CHANNEL, nonce, amountUnits }, key),
    }),
  };
}

function setUp(chain: ChainName, rules: Partial<ChainRules> = {}) {
  let nowMs = 0;
  const db = openChainFile(':memory:');
  const made = createChain({ db, chain, rules: { blockMs: 1, feeUnits: 1n, ...rules }, now: () => nowMs });
  const [payer, payee] = [person(chain), person(chain)];
  const blocks = (count: number) => {
    for (let block = 0; block < count; block++) {
      nowMs += 1;
      made.produce();
    }
  };
  /** Submits it, and lets blocks pass until it has ended. */
  const done = (tx: Transaction) => {
    made.submit(tx);
    blocks(4);
    return made.transaction(tx.id)!;
  };
  done(payer.sign({ kind: 'faucet', amount: '1000' }));
  done(payee.sign({ kind: 'faucet', amount: '10' }));
  return { chain: made, db, payer, payee, blocks, done };
}

test('a channel is opened, funded, redeemed and closed by its payee; all units are somewhere', () => {
  const { chain, payer, payee, done } = setUp('xrp');
  assert.equal(
    done(payer.sign({ kind: 'open', channel: CHANNEL, to: payee.address, amount: '500' })).state,
    'final',
  );
  assert.equal(done(payer.sign({ kind: 'fund', channel: CHANNEL, amount: '100' })).state, 'final');
  assert.equal(done(payee.sign({ kind: 'redeem', ...payer.state(1, 200n) })).state, 'final');
  assert.equal(chain.balance(payee.address, 'USD'), 209n);
  assert.equal(done(payee.sign({ kind: 'close', ...payer.state(2, 250n) })).state, 'final');
  assert.equal(chain.balance(payee.address, 'USD'), 258n);
  assert.equal(chain.balance(payer.address, 'USD'), 748n);
  assert.equal(chain.channel(CHANNEL)?.reason, 'agreed');
  assert.deepEqual(chain.audit(), []);
});

test('states that are old, forged, too high or of another chain fail, and cost a fee and nothing else', () => {
  const { chain, payer, payee, done } = setUp('evm', { confirmations: 0 });
  done(payer.sign({ kind: 'open', channel: CHANNEL, to: payee.address, amount: '500' }));
  done(payee.sign({ kind: 'redeem', ...payer.state(3, 200n) }));
  const error = (content: object, by = payee) => done(by.sign(content)).error;
  assert.equal(error({ kind: 'redeem', ...payer.state(2, 100n) }), 'stale_state');
  assert.equal(error({ kind: 'redeem', ...payee.state(4, 300n) }), 'wrong_signature');
  assert.equal(error({ kind: 'redeem', ...payer.state(4, 501n) }), 'over_funding');
  assert.equal(error({ kind: 'redeem', ...person('xrp').state(4, 300n) }), 'wrong_signature');
  assert.equal(error({ kind: 'dispute', ...payer.state(4, 300n) }), 'not_closing');
  assert.equal(error({ kind: 'redeem', ...payer.state(4, 300n) }, payer), 'not_yours');
  assert.equal(error({ kind: 'fund', channel: 'd'.repeat(32), amount: '5' }), 'unknown_channel');
  assert.equal(chain.balance(payee.address, 'USD'), 209n - 6n);
  assert.deepEqual(chain.audit(), []);
});

test('a payer that closes by an old state is disputed; a dispute by a state that is no newer fails', () => {
  const { chain, payer, payee, done, blocks } = setUp('evm', { confirmations: 0, challengeBlocks: 20 });
  done(payer.sign({ kind: 'open', channel: CHANNEL, to: payee.address, amount: '500' }));
  done(payer.sign({ kind: 'close', ...payer.state(1, 50n) }));
  assert.equal(done(payee.sign({ kind: 'dispute', ...payer.state(1, 50n) })).error, 'stale_state');
  assert.equal(done(payee.sign({ kind: 'dispute', ...payer.state(7, 400n) })).state, 'final');
  assert.equal(done(payer.sign({ kind: 'fund', channel: CHANNEL, amount: '5' })).error, 'closed_channel');
  blocks(20);
  assert.deepEqual(
    { state: chain.channel(CHANNEL)?.state, redeemed: chain.channel(CHANNEL)?.redeemed },
    { state: 'closed', redeemed: '400' },
  );
  assert.equal(chain.channel(CHANNEL)?.reason, 'disputed');
  assert.deepEqual(chain.audit(), []);
});

test('on evm a transaction waits for blocks on its own, and a reorganisation makes it wait again', () => {
  const { chain, payer, payee, blocks } = setUp('evm', { confirmations: 2, reorgEvery: 0 });
  const tx = payer.sign({ kind: 'open', channel: CHANNEL, to: payee.address, amount: '500' });
  chain.submit(tx);
  blocks(1);
  assert.equal(chain.transaction(tx.id)?.state, 'included');
  assert.equal(chain.channel(CHANNEL), undefined);
  assert.equal(chain.reorganise(), 1);
  assert.equal(chain.transaction(tx.id)?.state, 'pending');
  blocks(3);
  assert.equal(chain.transaction(tx.id)?.state, 'final');
  assert.equal(chain.reorganise(), 0, 'what is final stays');
  assert.equal(chain.status().reorgs, 1);
});

test('a transaction is taken once, however often it is given, and nobody signs for another', () => {
  const { chain, payer, payee, done } = setUp('xrp');
  const tx = payer.sign({ kind: 'open', channel: CHANNEL, to: payee.address, amount: '500' });
  done(tx);
  done(tx);
  assert.equal(chain.balance(payer.address, 'USD'), 499n);
  const refused = (code: string) => (error: unknown) => error instanceof Refused && error.code === code;
  assert.throws(() => chain.submit({ ...tx, token: 'EUR' }), refused('wrong_signature'));
  const forged = payee.sign({ kind: 'fund', channel: CHANNEL, amount: '5' });
  assert.throws(() => chain.submit({ ...forged, from: payer.address }), refused('wrong_signature'));
  assert.equal(done(payer.sign({ kind: 'faucet', amount: '5' })).error, 'had_already');
});

test('over HTTP: what is malformed or too large is refused, faults need the admin token', async () => {
  const { chain, db, payer } = setUp('xrp');
  const evm = createChain({ db, chain: 'evm' });
  const adminToken = 'the-admin-token-of-tests';
  const server = createServer(createChainApp({ chains: { xrp: chain, evm }, adminToken, log() {} }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const post = (path: string, body: string, headers = {}) =>
    fetch(`${base}${path}`, { method: 'POST', body, headers }).then(({ status }) => status);
  try {
    const good = payer.sign({ kind: 'open', channel: CHANNEL, to: payer.address, amount: '5' });
    assert.equal(await post('/xrp/transactions', JSON.stringify(good)), 202);
    assert.equal(await post('/xrp/transactions', JSON.stringify({ ...good, amount: '-5' })), 400);
    assert.equal(await post('/xrp/transactions', JSON.stringify({ ...good, id: 'another:1' })), 400);
    assert.equal(await post('/evm/transactions', JSON.stringify(good)), 400);
    assert.equal(await post('/xrp/transactions', '{'), 400);
    assert.equal(await post('/xrp/transactions', 'x'.repeat(10_000)), 413);
    assert.equal(await post('/doge/transactions', '{}'), 404);
    assert.equal(await post('/xrp/faults', '{"failNext":1}'), 401);
    const admin = { authorization: `Bearer ${adminToken}` };
    assert.equal(await post('/xrp/faults', '{"failNext":1}', admin), 200);
    assert.equal((await fetch(`${base}/xrp/transactions/${payer.address}:99`)).status, 404);
    assert.equal((await fetch(`${base}/xrp/%E0%A4%A`)).status, 400);
    assert.deepEqual(await (await fetch(`${base}/audit`)).json(), { problems: [] });
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('wrong settings are named all at once', () => {
  assert.throws(() => readSettings({ CHAIN_PORT: 'x' }), /CHAIN_PORT.*CHAIN_FILE.*CHAIN_SECRETS_FILE/s);
});
