import { createPrivateKey } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { SettlementMethod } from '../../../../telemetry/catalogue.ts';
import { type Chain, type ChainRules, createChain } from '../../../chain/src/chain.ts';
import { openChainFile } from '../../../chain/src/schema.ts';
import { CHAINS, type ChainName, type Claim, signClaim } from '../../../chain/src/wire.ts';
import { createLedger } from '../ledger/ledger.ts';
import { accountSpec } from '../ledger/testing.ts';
import type { Ledger } from '../ledger/types.ts';
import type { Tracing } from '../tracing/tracing.ts';
import type { ChainAccess } from './engine.ts';
import { createSettlement, type Settlement } from './settlement.ts';
import { createSettlementStore } from './store.ts';
import {
  type SettlementLink,
  type SettlementPeer,
  SettlementRefused,
  type SettlementTerms,
} from './types.ts';

/** A crash in the middle of a step: all that the step held in memory is gone. */
class Crash extends Error {}

/** Two ASEs, a and b, that owe each other USD, on chains whose blocks come when the test says so. */
export interface SettlementWorld {
  chains: Record<ChainName, Chain>;
  nodes: Record<'a' | 'b', Node>;
  /** Lets time pass: blocks, and so many ticks of both sides, or of one while the other does not run. */
  run(ticks: number, who?: ReadonlyArray<'a' | 'b'>): Promise<void>;
  /** Books a packet that made `from` owe the other side so much more. */
  owe(from: 'a' | 'b', units: bigint): Promise<void>;
  /** Until nothing is left to do by itself, and each side has seen what the other did. */
  calm(): Promise<void>;
  /** Empty when every unit is where the books of all say. */
  audit(): Promise<string[]>;
  close(): Promise<void>;
}

export interface Node {
  ledger: Ledger;
  settlement: Settlement;
  /** Crashes at the n-th call to chain or peer from now, before it or after it took effect. */
  crashAt(calls: number, when: 'before' | 'after'): void;
  /** Starts anew from what the file of the ledger holds. */
  restart(): Promise<void>;
  /** A claim that this side signs, whatever it says. */
  sign(method: ChainName, claim: Claim): Promise<string>;
  total(quantity: string, labels?: Record<string, string>): bigint;
}

export async function createWorld(options: {
  terms: Record<'a' | 'b', SettlementTerms>;
  rules?: Partial<ChainRules>;
  /** Left out: nothing is traced. */
  tracing?: Record<'a' | 'b', Tracing>;
}): Promise<SettlementWorld> {
  let nowMs = 1_000_000;
  const now = () => nowMs;
  const db: DatabaseSync = openChainFile(':memory:');
  const chains = Object.fromEntries(
    CHAINS.map((chain) => [
      chain,
      createChain({ db, chain, now, ...(options.rules && { rules: options.rules }) }),
    ]),
  ) as Record<ChainName, Chain>;
  const nodes = {} as Record<'a' | 'b', Node>;
  let awake: ReadonlyArray<'a' | 'b'> = ['a', 'b'];

  function awakeNode(name: 'a' | 'b'): Node {
    if (!awake.includes(name)) throw new Error(`${name} does not run`);
    return nodes[name];
  }

  async function createNode(name: 'a' | 'b'): Promise<Node> {
    const other = name === 'a' ? 'b' : 'a';
    const ledger = createLedger({ file: ':memory:', now });
    const peer: SettlementPeer = {
      id: other,
      assetCode: 'USD',
      assetScale: 2,
      settlement: options.terms[name],
    };
    await ledger.commit((tx) => {
      tx.openAccount(accountSpec('external:USD', { minBalanceUnits: null }));
      tx.openAccount(accountSpec(`peer:${other}`, { minBalanceUnits: -10_000_000n }));
    });
    let crash: { left: number; when: 'before' | 'after' } | undefined;
    let life = 0;
    /** A call to the world outside, of one life of the process. */
    async function outside<T>(own: number, call: () => T | Promise<T>): Promise<T> {
      // A process that died does nothing more, whatever was still running in it.
      if (own !== life) throw new Crash();
      const isNow = crash !== undefined && --crash.left < 0;
      if (isNow && crash!.when === 'before') await die();
      const result = await call();
      if (isNow) await die();
      return result;
    }
    async function die(): Promise<never> {
      crash = undefined;
      await node.restart();
      throw new Crash();
    }
    function start(): Promise<Settlement> {
      const own = ++life;
      const accessTo = (chain: Chain): ChainAccess => ({
        feeUnits: () => outside(own, () => BigInt(chain.status().fee)),
        submit: (tx) => outside(own, () => chain.submit(tx)),
        transaction: (id) => outside(own, () => chain.transaction(id)),
        channel: (id) => outside(own, () => chain.channel(id)),
        balance: (address, token) => outside(own, () => chain.balance(address, token)),
      });
      const link: SettlementLink = {
        address: (method) => outside(own, () => awakeNode(other).settlement.addressOn(method)!),
        claim: (message, traceparent) =>
          outside(own, async () => {
            try {
              const trace = options.tracing?.[other].incoming({ traceparent });
              await awakeNode(other).settlement.takeClaim(name, message, trace);
              return { accepted: true };
            } catch (error) {
              if (!(error instanceof SettlementRefused)) throw error;
              const { code, nonce } = error;
              return { accepted: false, code, ...(nonce !== undefined && { nonce }) };
            }
          }),
      };
      const guardedLedger: Ledger = {
        ...ledger,
        commit: (work) => (own === life ? ledger.commit(work) : Promise.reject(new Crash())),
      };
      return createSettlement({
        ledger: guardedLedger,
        peers: [peer],
        links: new Map([[other, link]]),
        chains: new Map<SettlementMethod, ChainAccess>(
          CHAINS.map((chain) => [chain, accessTo(chains[chain])]),
        ),
        metrics: { add() {}, record() {} },
        tracing: options.tracing?.[name],
        log: { info() {}, warn() {} },
        now,
        openingUnits: 1_000_000n,
      });
    }
    const node: Node = {
      ledger,
      settlement: await start(),
      crashAt(calls, when) {
        crash = { left: calls, when };
      },
      async restart() {
        node.settlement = await start();
      },
      sign: async (method, claim) =>
        signClaim(
          method,
          claim,
          createPrivateKey({ key: await createSettlementStore(ledger).key(), format: 'der', type: 'pkcs8' }),
        ),
      total: (quantity, labels = {}) =>
        ledger
          .totals()
          .filter((one) => one.quantity === quantity)
          .filter((one) => Object.entries(labels).every(([name, value]) => one.labels[name] === value))
          .reduce((sum, { value }) => sum + value, 0n),
    };
    return node;
  }
  nodes.a = await createNode('a');
  nodes.b = await createNode('b');

  const both = [nodes.a, nodes.b];
  async function run(ticks: number, who: ReadonlyArray<'a' | 'b'> = ['a', 'b']): Promise<void> {
    awake = who;
    for (let tick = 0; tick < ticks; tick++) {
      nowMs += 1000;
      for (const chain of CHAINS) chains[chain].produce();
      for (const side of who) await nodes[side].settlement.tick();
    }
    awake = ['a', 'b'];
  }
  let packets = 0;

  return {
    chains,
    nodes,
    run,
    async owe(from, units) {
      const other = from === 'a' ? 'b' : 'a';
      const id = `packet:${packets++}`;
      // As fulfilled packets book it on both sides.
      await nodes[from].ledger.commit((tx) => {
        tx.transfer({ id, legs: [{ debit: 'external:USD', credit: `peer:${other}`, amountUnits: units }] });
        tx.addTotal({ quantity: 'account_credits_total', labels: { peer_id: other }, by: units });
      });
      await nodes[other].ledger.commit((tx) => {
        tx.transfer({ id, legs: [{ debit: `peer:${from}`, credit: 'external:USD', amountUnits: units }] });
        tx.addTotal({ quantity: 'account_debits_total', labels: { peer_id: from }, by: units });
      });
    },
    async calm() {
      let quietRounds = 0;
      for (let round = 0; round < 100; round++) {
        await run(3);
        quietRounds = both.every(({ settlement }) => settlement.inFlight() === 0) ? quietRounds + 1 : 0;
        // What the other side did on the chain is seen by the next look at it, within one more round.
        if (quietRounds === 2) return;
      }
      throw new Error(`no calm: ${JSON.stringify(both.map(({ settlement }) => settlement.report()))}`);
    },
    audit: async () => [
      ...both.flatMap(({ ledger }) => ledger.audit()),
      ...CHAINS.flatMap((chain) => chains[chain].audit()),
      ...both.flatMap((node) => ownDifferences(node, chains)),
      ...channelDifferences(nodes, chains),
      ...mirror(nodes),
    ],
    async close() {
      for (const { ledger } of both) await ledger.close();
      db.close();
    },
  };
}

/** What the books say an ASE has on a chain is what the chain says. */
function ownDifferences({ settlement }: Node, chains: Record<ChainName, Chain>): string[] {
  return settlement.report().chains.flatMap(({ method, address, tokens }) =>
    tokens.flatMap(({ token, units }) => {
      const found = String(chains[method].balance(address, token));
      return found === units ? [] : [`${method}: the chain says ${found}, the books ${units}`];
    }),
  );
}

/** What is in a channel belongs to the payer's books or the payee's. */
function channelDifferences(nodes: SettlementWorld['nodes'], chains: Record<ChainName, Chain>): string[] {
  const reports = [nodes.a, nodes.b].flatMap(({ settlement }) => settlement.report().channels);
  const ids = new Set(reports.map(({ id }) => id));
  return [...ids].flatMap((id) => {
    const of = reports.filter((one) => one.id === id);
    const booked = of.reduce((sum, { bookedUnits }) => sum + BigInt(bookedUnits), 0n);
    const found = chains[of[0]!.method].channel(id);
    const held = !found || found.state === 'closed' ? 0n : BigInt(found.funded) - BigInt(found.redeemed);
    return held === booked ? [] : [`channel ${id} holds ${held}, the books say ${booked}`];
  });
}

/** What one side says it is owed, the other says it owes. */
function mirror({ a, b }: SettlementWorld['nodes']): string[] {
  const ofA = a.ledger.read.account('peer:b')!.balanceUnits;
  const ofB = b.ledger.read.account('peer:a')!.balanceUnits;
  return ofA === -ofB ? [] : [`a owes ${ofA}, b says ${-ofB}`];
}
