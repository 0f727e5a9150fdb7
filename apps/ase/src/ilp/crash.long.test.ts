import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { temporaryFolder } from '../ledger/testing.ts';
import type { CrashNodeBooks, CrashNodeSettings } from './crashNode.ts';

/** A longer run: CRASH_TEST_KILLS=200 node --test crash.long.test.ts */
const KILLS = Number(process.env.CRASH_TEST_KILLS ?? 6);

const { folder, remove } = temporaryFolder();
after(remove);

describe('kill -9 in the middle of traffic', () => {
  it('never makes money appear, vanish or count twice between two ASEs', async (context) => {
    const [here, there] = [await freePort(), await freePort()];
    await proveBooksAgree(context, [
      node('here', here, 'USD', 'test.there', [
        { id: 'there', port: there, assetCode: 'USD', routes: ['test.there'] },
      ]),
      node('there', there, 'EUR', 'test.here', [
        { id: 'here', port: here, assetCode: 'USD', routes: ['test.here'] },
      ]),
    ]);
  });

  it('never makes money appear, vanish or count twice over a connector between them', async (context) => {
    const [left, middle, right] = [await freePort(), await freePort(), await freePort()];
    await proveBooksAgree(context, [
      node('left', left, 'USD', 'test.right', [
        { id: 'middle', port: middle, assetCode: 'USD', routes: ['test'] },
      ]),
      node('middle', middle, 'USD', 'test.right', [
        { id: 'left', port: left, assetCode: 'USD', routes: ['test.left'] },
        { id: 'right', port: right, assetCode: 'EUR', routes: ['test.right'] },
      ]),
      node('right', right, 'EUR', 'test.left', [
        { id: 'middle', port: middle, assetCode: 'EUR', routes: ['test'] },
      ]),
    ]);
  });
});

async function proveBooksAgree(
  context: { after(work: () => void): void },
  all: CrashNodeSettings[],
): Promise<void> {
  const running = new Map<CrashNodeSettings, ChildProcess>();
  context.after(() => {
    for (const child of running.values()) child.kill('SIGKILL');
  });
  for (const settings of all) running.set(settings, start(settings));

  for (let kill = 0; kill < KILLS; kill += 1) {
    for (const { port } of all) await until(`traffic at ${port}`, async () => (await books(port)).sent > 20);
    // Any moment will do, so that none is special: between the turns of a packet's life.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 100));
    const victims = all.filter(() => Math.random() < 0.4);
    for (const settings of victims.length > 0 ? victims : [all[kill % all.length]!]) {
      const child = running.get(settings)!;
      child.kill('SIGKILL');
      await once(child, 'exit');
      running.set(settings, start(settings));
    }
  }

  for (const { port } of all) await until('everybody runs', () => books(port));
  for (const { port } of all) await fetch(`http://127.0.0.1:${port}/quiet`, { method: 'POST' });
  for (const { port } of all)
    await until('nothing is under way', async () => (await books(port)).inFlight === 0);

  const final = new Map<string, CrashNodeBooks>();
  for (const { name, port } of all) final.set(name, await books(port));
  for (const [name, { audit, accounts }] of final) {
    assert.deepEqual(audit, [], `the audit of ${name}`);
    assert.deepEqual(accounts.filter(hasPending), [], `nothing is pending at ${name}`);
  }
  for (const { name, peers } of all) {
    for (const { id } of peers) {
      const balance = balanceOf(final.get(name)!, `peer:${id}`);
      assert.equal(balance, -balanceOf(final.get(id)!, `peer:${name}`), `${name} and ${id} agree`);
      assert.equal(
        totalOf(final.get(name)!, 'account_credits_total', 'peer_id', id),
        totalOf(final.get(id)!, 'account_debits_total', 'peer_id', name),
        `${name} credited ${id} what ${id} debited ${name}`,
      );
    }
  }
  assert.ok(balanceOf(final.get(all.at(-1)!.name)!, 'wallet:receiver') > 0n, 'money arrived');
  if (all.length === 2) {
    const [one, other] = [...final.values()].map((end) =>
      totalOf(end, 'ilp_packets_processed_total', 'status', 'valid'),
    );
    assert.equal(one, other, 'both counted every fulfilled packet once');
  }
}

function node(
  name: string,
  port: number,
  assetCode: string,
  sendTo: string,
  peers: CrashNodeSettings['peers'],
): CrashNodeSettings {
  return { name, port, assetCode, sendTo, peers, concurrency: 8, ledgerFile: join(folder, `${name}.sqlite`) };
}

function start(settings: CrashNodeSettings): ChildProcess {
  const program = join(import.meta.dirname, 'crashNode.ts');
  return spawn(process.execPath, [program, JSON.stringify(settings)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function books(port: number): Promise<CrashNodeBooks> {
  return (await (await fetch(`http://127.0.0.1:${port}/books`)).json()) as CrashNodeBooks;
}

async function until(what: string, check: () => Promise<unknown>): Promise<void> {
  const deadlineMs = Date.now() + 120_000;
  for (;;) {
    if (await check().catch(() => false)) return;
    if (Date.now() > deadlineMs) throw new Error(`Waited 2 min for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const accountOf = ({ accounts }: CrashNodeBooks, id: string) =>
  accounts.find((account) => account.id === id)!;
const balanceOf = (end: CrashNodeBooks, id: string): bigint => BigInt(accountOf(end, id).balanceUnits);
const hasPending = (account: CrashNodeBooks['accounts'][number]): boolean =>
  BigInt(account.pendingDebitUnits) !== 0n || BigInt(account.pendingCreditUnits) !== 0n;
const totalOf = ({ totals }: CrashNodeBooks, quantity: string, label: string, value: string): bigint =>
  BigInt(totals.find((total) => total.quantity === quantity && total.labels[label] === value)?.value ?? 0);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
