import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { IlpReply } from 'ilp-packet';
import { createLedger } from '../ledger/ledger.ts';
import { temporaryFolder } from '../ledger/testing.ts';
import type { Ledger } from '../ledger/types.ts';
import { LinkError } from './errors.ts';
import {
  alice,
  answering,
  codeOf,
  EUR,
  FULFILL,
  openReceiver,
  peer,
  prepareOf,
  sourceOfPeer,
  startConnector,
  totalsOf,
} from './testing.ts';

const there = peer('there');
const toThere = (rest: object = {}) => prepareOf({ destination: 'test.there.carol', ...rest });
const noAnswer = () => Promise.reject(new LinkError('no_answer', 'the connection broke'));
const { folder, remove } = temporaryFolder();
after(remove);

describe('a packet whose peer does not answer', () => {
  it('is asked about with the same bytes and key until the peer does', async () => {
    const asked: string[] = [];
    const link = answering(async (prepare, { idempotencyKey }) => {
      asked.push(`${idempotencyKey} ${prepare.data.toString('hex')} ${prepare.expiresAt.toISOString()}`);
      return asked.length < 4 ? noAnswer() : FULFILL;
    });
    const { ledger, metrics, send, balance } = await startConnector({
      peers: [there],
      links: new Map([['there', link]]),
    });
    assert.deepEqual(await send(alice, toThere()), FULFILL);
    assert.equal(balance('peer:there'), 91n);
    assert.equal(asked.length, 4);
    assert.equal(new Set(asked).size, 1);
    // One trouble with the peer, however often it was asked.
    assert.equal(totalsOf(ledger).get('connector_errors_total{severity=critical,type=peer_unreachable}'), 1n);
    assert.deepEqual(new Map([...metrics.counted].sort()), totalsOf(ledger));
  });

  it('stays reserved when its time is over, and ends as the peer says', async () => {
    const answer = Promise.withResolvers<IlpReply>();
    const link = answering(() => answer.promise);
    const nowMs = Date.now();
    const { connector, ledger, send, balance, pending } = await startConnector({
      peers: [there],
      links: new Map([['there', link]]),
      // A slow machine must not take what the next hop needs.
      now: () => nowMs,
    });
    assert.equal(codeOf(await send(alice, toThere({ expiresAt: new Date(nowMs + 1_600) }))), 'R00');
    assert.equal(pending('wallet:alice'), 100n);
    assert.equal(connector.inFlight(), 1);
    assert.deepEqual(totalsOf(ledger), new Map());
    answer.resolve(FULFILL);
    await until(() => connector.inFlight() === 0);
    assert.equal(pending('wallet:alice'), 0n);
    assert.equal(balance('wallet:alice'), 50_000n - 100n);
    assert.equal(totalsOf(ledger).get('ilp_packets_processed_total{status=fulfilled,type=prepare}'), 1n);
  });

  it('fails at once when it moves no money', async () => {
    let asked = 0;
    const link = answering(() => {
      asked += 1;
      return noAnswer();
    });
    const { send } = await startConnector({ peers: [there], links: new Map([['there', link]]) });
    assert.equal(codeOf(await send(alice, toThere({ executionCondition: Buffer.alloc(32) }))), 'T01');
    assert.equal(asked, 1);
  });
});

describe('a packet that a peer sends twice', () => {
  it('is handled once, whether the first is under way or long over', async () => {
    let received = 0;
    const first = Promise.withResolvers<IlpReply>();
    const receiver = openReceiver('test.here', EUR, {
      reply: () => {
        received += 1;
        return first.promise;
      },
    });
    const { ledger, send, balance } = await startConnector({ peers: [there], receiver });
    const prepare = prepareOf();
    const [one, two] = [send(sourceOfPeer(there), prepare, 'key'), send(sourceOfPeer(there), prepare, 'key')];
    first.resolve(FULFILL);
    assert.deepEqual(
      [await one, await two, await send(sourceOfPeer(there), prepare, 'key')],
      [FULFILL, FULFILL, FULFILL],
    );
    assert.equal(received, 1);
    assert.equal(balance('peer:there'), -100n);
    assert.equal(totalsOf(ledger).get('ilp_packets_processed_total{status=fulfilled,type=prepare}'), 1n);
  });

  it('gets its stored reply even after it has expired', async () => {
    let nowMs = Date.now();
    const { send } = await startConnector({ peers: [there], now: () => nowMs });
    const prepare = prepareOf();
    assert.deepEqual(await send(sourceOfPeer(there), prepare, 'key'), FULFILL);
    nowMs += 3_600_000;
    assert.deepEqual(await send(sourceOfPeer(there), prepare, 'key'), FULFILL);
    assert.equal(codeOf(await send(sourceOfPeer(there), prepare, 'other key')), 'R00');
  });

  it('is refused when other bytes come under its key', async () => {
    const { send, balance } = await startConnector({ peers: [there] });
    await send(sourceOfPeer(there), prepareOf(), 'key');
    assert.equal(codeOf(await send(sourceOfPeer(there), prepareOf(), 'key')), 'F00');
    assert.equal(balance('peer:there'), -100n);
    // Another peer may use the same key: it names a packet of its own.
    assert.deepEqual(await send(alice, prepareOf(), 'key'), FULFILL);
  });
});

describe('a ledger that takes nothing', () => {
  it('fails packets as temporary, changes nothing, and counts them when it takes commits again', async () => {
    const roomy = createLedger({ file: join(folder, 'full.sqlite') });
    let isFull = false;
    const ledger: Ledger = {
      ...roomy,
      commit(work) {
        if (isFull) void fill();
        return roomy.commit(work);
      },
    };
    const { send, balance, metrics } = await startConnector({ peers: [there], ledger });
    ledger.define('CREATE TABLE ballast (bytes BLOB) STRICT');
    const { page_count: pages } = ledger.read.get<{ page_count: bigint }>('PRAGMA page_count')!;
    ledger.read.get(`PRAGMA max_page_count = ${pages + 1n}`);
    // One huge piece of work in each group: the disk is full for its neighbours as well.
    const fill = () =>
      assert.rejects(roomy.commit((tx) => tx.sql.run('INSERT INTO ballast VALUES (zeroblob(99999))')));
    isFull = true;
    const sent = await Promise.all([1, 2, 3].map(() => sendWhileFull()));
    isFull = false;
    assert.deepEqual(sent, ['T00', 'T00', 'T00']);
    assert.equal(balance('peer:there'), 0n);

    ledger.read.get(`PRAGMA max_page_count = ${pages + 1_000n}`);
    assert.deepEqual(await send(sourceOfPeer(there), prepareOf()), FULFILL);
    assert.equal(balance('peer:there'), -100n);
    const totals = totalsOf(ledger);
    assert.equal(totals.get('ilp_packets_processed_total{status=rejected,type=prepare}'), 3n);
    assert.equal(totals.get('connector_errors_total{severity=critical,type=ledger_unavailable}'), 3n);
    assert.deepEqual(new Map([...metrics.counted].sort()), totals);
    assert.deepEqual(ledger.audit(), []);
    await ledger.close();

    async function sendWhileFull(): Promise<string> {
      return codeOf(await send(sourceOfPeer(there), prepareOf()));
    }
  });
});

describe('a start after a crash', () => {
  it('holds nothing for a payment here that had not ended, and asks the peer about what went out', async () => {
    const file = join(folder, 'crashed.sqlite');
    const before = createLedger({ file });
    const silence = answering(() => new Promise(() => {}));
    const receiver = openReceiver('test.here', EUR, { reply: () => new Promise(() => {}) });
    const links = new Map([['there', silence]]);
    const crashed = await startConnector({ peers: [there], ledger: before, links, receiver });
    void crashed.send(alice, toThere({ amount: '100' }));
    void crashed.send(alice, prepareOf({ amount: '70' }));
    await until(() => crashed.pending('wallet:alice') === 100n);
    await before.close();
    void crashed.connector.close(); // Stops its timers; its books are out of its reach.

    const ledger = createLedger({ file });
    const asked: Array<string | undefined> = [];
    const answer = Promise.withResolvers<IlpReply>();
    const link = answering((prepare, { idempotencyKey }) => {
      asked.push(idempotencyKey);
      assert.equal(prepare.amount, '91');
      return answer.promise;
    });
    const { connector, balance, pending } = await startConnector({
      peers: [there],
      ledger,
      links: new Map([['there', link]]),
    });
    assert.equal(pending('wallet:alice'), 100n);
    assert.equal(connector.inFlight(), 1);
    answer.resolve(FULFILL);
    await until(() => connector.inFlight() === 0);
    assert.equal(balance('wallet:alice'), 50_000n - 100n);
    assert.equal(balance('peer:there'), 91n);
    assert.deepEqual(
      asked,
      ledger.read
        .all<{ id: string }>("SELECT id FROM transfers WHERE id LIKE 'packet:%' AND state = 'posted'")
        .map(({ id }) => id),
    );
    assert.deepEqual(ledger.audit(), []);
    await connector.close();
    await ledger.close();
  });

  it('lets a peer that asks about a packet under way wait for its outcome', async () => {
    const far = peer('far');
    const file = join(folder, 'between.sqlite');
    const before = createLedger({ file });
    const silence = answering(() => new Promise(() => {}));
    const crashed = await startConnector({
      peers: [there, far],
      ledger: before,
      links: new Map([['there', silence]]),
    });
    const prepare = toThere();
    void crashed.send(sourceOfPeer(far), prepare, 'key');
    await until(() => crashed.pending('peer:far') === 100n);
    await before.close();
    void crashed.connector.close();

    const ledger = createLedger({ file });
    const answer = Promise.withResolvers<IlpReply>();
    const link = answering(() => answer.promise);
    const { send, connector, balance } = await startConnector({
      peers: [there, far],
      ledger,
      links: new Map([['there', link]]),
    });
    const again = send(sourceOfPeer(far), prepare, 'key');
    answer.resolve(FULFILL);
    assert.deepEqual(await again, FULFILL);
    assert.deepEqual([balance('peer:far'), balance('peer:there')], [-100n, 100n]);
    await connector.close();
    await ledger.close();
  });
});

describe('a connector that does not run', () => {
  it('rejects for its own senders and tells peers nothing that they could take for an outcome', async () => {
    const { connector, send } = await startConnector({ peers: [there] });
    await connector.close();
    assert.equal(codeOf(await send(alice, prepareOf())), 'T02');
    await assert.rejects(send(sourceOfPeer(there), prepareOf(), 'key'));
  });
});

async function until(check: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + 5_000;
  while (!check()) {
    assert.ok(Date.now() < deadlineMs, 'waited 5 s');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
