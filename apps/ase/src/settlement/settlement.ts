import { createPrivateKey } from 'node:crypto';
import {
  CHANNEL_STATUSES,
  SETTLEMENT_METHODS,
  type SettlementMethod,
} from '../../../../telemetry/catalogue.ts';
import { exportPublicKey } from '../../../chain/src/wire.ts';
import type { GaugeReading } from '../admin/ledgerReport.ts';
import type { Ledger } from '../ledger/types.ts';
import type { TraceParent } from '../tracing/tracing.ts';
import { account, openChainAccounts, openPeerAccounts } from './books.ts';
import type { ChainAccess } from './engine.ts';
import { createEngine } from './engine.ts';
import { countRefusal, takeClaim } from './incoming.ts';
import { due, giveUp, isWithoutMoney, type Order, owedUnits, payPeer } from './outgoing.ts';
import type { Parts } from './parts.ts';
import { createSettlementStore } from './store.ts';
import { advance, type Content, decide, decideFaucet } from './transactions.ts';
import { type SettlementLink, type SettlementPeer, SettlementRefused } from './types.ts';
import { isBusy, watchChannel } from './watch.ts';

export interface SettlementOptions extends Pick<Parts, 'ledger' | 'metrics' | 'tracing' | 'log'> {
  peers: readonly SettlementPeer[];
  links: ReadonlyMap<string, SettlementLink>;
  chains: ReadonlyMap<SettlementMethod, ChainAccess>;
  now?: () => number;
  /** What this ASE gets on each chain to begin with. */
  openingUnits?: bigint;
}

export type Settlement = Awaited<ReturnType<typeof createSettlement>>;

const OPENING_UNITS = 10n ** 10n;
/** After trouble with a chain or a peer. */
const AGAIN_AFTER_MS = 2_000;
const WATCH_EVERY_MS = 2_000;
const REPORTED_CHANNELS = 200;

/**
 * Settlement of one ASE. All that it decides is in the ledger's file before it does it, and every step can be done
 * again: so it can be killed at any point, and goes on from there.
 */
export async function createSettlement(options: SettlementOptions) {
  const { ledger, now = Date.now } = options;
  const store = createSettlementStore(ledger);
  const key = await store.key();
  const engines = new Map(
    [...options.chains].map(([method, access]) => [method, createEngine({ method, access, key })]),
  );
  const peers = new Map(options.peers.map((peer) => [peer.id, peer]));
  const parts: Parts = {
    ledger,
    store,
    engines,
    peers,
    links: options.links,
    publicKey: exportPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' })),
    metrics: options.metrics,
    tracing: options.tracing,
    log: options.log,
    now,
    dueSinceMs: new Map(),
  };
  await openAccounts(parts, options.openingUnits ?? OPENING_UNITS);

  const orders = new Map<string, Order>();
  const restUntilMs = new Map<string, number>();
  /** What does not work now, by what it is about. */
  const problems = new Map<string, string>();
  let watchAtMs = 0;

  /** One part's trouble is told once, and does not stop the others. */
  async function guarded(about: string, work: () => Promise<unknown>): Promise<void> {
    if ((restUntilMs.get(about) ?? 0) > now()) return;
    try {
      if ((await work()) === 'refused') restUntilMs.set(about, now() + AGAIN_AFTER_MS);
      if (problems.delete(about)) options.log.info({ about }, 'Settlement goes on');
    } catch (error) {
      const why = isWithoutMoney(error) ? 'no money on the chain' : messageOf(error);
      if (!problems.has(about)) options.log.warn({ about, problem: why }, 'Settlement is held up');
      problems.set(about, why);
      restUntilMs.set(about, now() + AGAIN_AFTER_MS);
    }
  }

  function channelOf(id: string) {
    const channel = store.channel(id);
    if (!channel) throw new SettlementRefused('unknown_channel', `There is no channel ${id}`);
    if (channel.state === 'closed' || channel.state === 'failed')
      throw new SettlementRefused('closed_channel', `Channel ${id} is closed`);
    return channel;
  }

  /** A refused order of the operator is counted like a refused claim. */
  async function counted<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof SettlementRefused) await countRefusal(parts, error.code);
      throw error;
    }
  }

  return {
    /** Does all that can be done now; called again and again. */
    async tick(): Promise<void> {
      for (const one of store.transactions())
        await guarded(`${one.method} transactions`, async () => {
          // Not at once again: each attempt costs a fee.
          if ((await advance(parts, one)) === 'failed')
            restUntilMs.set(`peer ${one.peer}`, now() + AGAIN_AFTER_MS);
        });
      await Promise.all(
        [...peers.values()].map((peer) =>
          guarded(`peer ${peer.id}`, async () => {
            const step = await payPeer(parts, peer, orders.get(peer.id)).catch((error) => {
              // What there is no money for is not kept for a day on which there is.
              if (isWithoutMoney(error)) orders.delete(peer.id);
              throw error;
            });
            if (store.settlements().some((one) => one.peer === peer.id)) orders.delete(peer.id);
            return step;
          }),
        ),
      );
      if (now() < watchAtMs) return;
      watchAtMs = now() + WATCH_EVERY_MS;
      for (const channel of store.liveChannels())
        await guarded(`${channel.method} channels`, () => watchChannel(parts, channel));
    },

    addressOn(method: SettlementMethod): string | undefined {
      return engines.get(method)?.address;
    },

    /** `trace` is what the peer says its claim is part of. */
    async takeClaim(peerId: string, message: unknown, trace?: TraceParent) {
      const span = trace?.span('settlement.claim', { kind: 'server', attributes: { 'peer.source': peerId } });
      try {
        const taken = await takeClaim(parts, peerId, message, span);
        span?.end();
        return taken;
      } catch (error) {
        span?.end(error instanceof SettlementRefused ? error.code : 'internal');
        throw error;
      }
    },
    countRefusal: (code: SettlementRefused['code']) => countRefusal(parts, code),

    /** Pays a peer now, whatever the threshold. Rejects with a SettlementRefused, which is counted. */
    settle: (peerId: string, amountUnits: bigint): Promise<void> =>
      counted(async () => {
        if (amountUnits <= 0n) throw new SettlementRefused('below_zero', 'A settlement has to be above 0');
        if (!peers.get(peerId)?.settlement)
          throw new SettlementRefused('unknown_peer', `There is no peer ${peerId} that we settle with`);
        orders.set(peerId, { amountUnits });
      }),

    /**
     * Closes a channel: as payee at once, as payer after the time for a dispute. `withoutClaim` closes as a payer that
     * says it never paid: the peer will dispute it.
     */
    closeChannel: (id: string, { withoutClaim = false } = {}): Promise<void> =>
      counted(async () => {
        const channel = channelOf(id);
        if (channel.state !== 'open')
          throw new SettlementRefused('closed_channel', 'It is being closed already');
        if (channel.role === 'out' && !withoutClaim) {
          await giveUp(parts, channel);
          return;
        }
        const engine = engines.get(channel.method)!;
        const feeUnits = await engine.feeUnits();
        await ledger.commit((tx) => {
          const at = store.channel(id)!;
          const content: Content = withoutClaim
            ? { kind: 'close', channel: id, nonce: 0, amount: '0', claimSignature: null }
            : {
                kind: 'close',
                channel: id,
                nonce: at.nonce,
                amount: String(at.claimedUnits),
                claimSignature: at.claimSignature,
              };
          decide(parts, tx, { engine, feeUnits, channel: at, content });
        });
      }),

    /** Disputes the state by which a payer closes. With a state that is not newer than that: refused. */
    disputeChannel: (id: string): Promise<void> =>
      counted(async () => {
        const channel = channelOf(id);
        const engine = engines.get(channel.method)!;
        const found = await engine.channel(id);
        if (!found || found.state === 'closed')
          throw new SettlementRefused('closed_channel', `Channel ${id} is closed on its chain`);
        if (channel.role !== 'in' || found.state === 'open' || found.nonce >= channel.nonce)
          throw new SettlementRefused('stale_state', 'We have no newer state than the one it is closed by');
        const feeUnits = await engine.feeUnits();
        await ledger.commit((tx) => {
          if (isBusy(parts, id)) return;
          const { nonce, claimedUnits, claimSignature } = channel;
          const content: Content = {
            kind: 'dispute',
            channel: id,
            nonce,
            amount: String(claimedUnits),
            claimSignature,
          };
          decide(parts, tx, { engine, feeUnits, channel, content });
        });
      }),

    gauges: (): GaugeReading[] => gaugesOf(ledger, store.liveChannels(), engines.keys()),

    /** What will still change the books by itself. What is held up is not waited for. */
    inFlight(): number {
      const held = (about: string) => problems.has(about);
      const transactions = store.transactions().filter(({ method }) => !held(`${method} transactions`));
      const payments = options.peers.filter(
        (peer) =>
          !held(`peer ${peer.id}`) &&
          (orders.has(peer.id) ||
            store.settlements().some((one) => one.peer === peer.id) ||
            (peer.settlement !== undefined && due(parts, peer, peer.settlement) > 0n)),
      );
      const closing = store
        .liveChannels()
        .filter(
          ({ state, method }) => (state === 'closing' || state === 'disputed') && !held(`${method} channels`),
        );
      return transactions.length + payments.length + closing.length;
    },

    report: () => ({
      enabled: true as const,
      chains: [...engines.values()].map(({ method, address }) => ({
        method,
        address,
        tokens: tokensOf(options.peers).map(({ assetCode }) => ({
          token: assetCode,
          units: String(-(ledger.read.account(account.chain(method, assetCode))?.balanceUnits ?? 0n)),
        })),
      })),
      peers: options.peers.map(({ id, settlement }) => ({
        id,
        owedUnits: String(owedUnits(parts, id)),
        terms: settlement
          ? {
              method: settlement.method,
              thresholdUnits: String(settlement.thresholdUnits),
              settleToUnits: String(settlement.settleToUnits),
              channelUnits: String(settlement.channelUnits),
            }
          : null,
      })),
      channels: store.allChannels(REPORTED_CHANNELS).map((one) => ({
        id: one.id,
        method: one.method,
        peer: one.peer,
        role: one.role,
        token: one.token,
        state: one.state,
        fundedUnits: String(one.fundedUnits),
        claimedUnits: String(one.claimedUnits),
        redeemedUnits: String(one.redeemedUnits),
        nonce: one.nonce,
        /** What the books say is ours of it: of `out` what is not claimed, of `in` what is not taken out. */
        bookedUnits: String(
          -(
            ledger.read.account(one.role === 'out' ? account.channel(one.id) : account.claims(one.id))
              ?.balanceUnits ?? 0n
          ),
        ),
      })),
      waiting: { transactions: store.transactions().length, settlements: store.settlements().length },
      problems: [...problems].map(([about, problem]) => ({ about, problem })),
    }),
  };
}

/** What telemetry shows of settlement, as the books have it; of an ASE without settlement the channels are all 0. */
export function gaugesOf(
  ledger: Ledger,
  channels: ReadonlyArray<{ method: string; state: string }>,
  methods: Iterable<SettlementMethod>,
): GaugeReading[] {
  const used = new Set<string>(methods);
  const balances = ledger.accounts('chain').flatMap(({ id, balanceUnits }): GaugeReading[] => {
    const [, method = '', token = ''] = id.split(':');
    if (!used.has(method)) return [];
    return [
      { quantity: 'settlement_chain_balance_units', labels: { method, token }, value: String(-balanceUnits) },
    ];
  });
  const active = SETTLEMENT_METHODS.flatMap((method) =>
    CHANNEL_STATUSES.map((status): GaugeReading => {
      const count = channels.filter((one) => one.method === method && one.state === status).length;
      return { quantity: 'payment_channels_active', labels: { method, status }, value: String(count) };
    }),
  );
  return [...balances, ...active];
}

function tokensOf(peers: readonly SettlementPeer[]): SettlementPeer[] {
  return [...new Map(peers.map((peer) => [peer.assetCode, peer])).values()];
}

/** Accounts for every chain and peer, and the first money, which is asked for once. */
function openAccounts(parts: Parts, openingUnits: bigint): Promise<void> {
  const { ledger, engines, peers } = parts;
  return ledger.commit((tx) => {
    for (const peer of peers.values()) openPeerAccounts(tx, peer);
    for (const engine of engines.values()) {
      for (const { assetCode, assetScale } of tokensOf([...peers.values()])) {
        const isNew = tx.account(account.chain(engine.method, assetCode)) === undefined;
        openChainAccounts(tx, engine.method, { assetCode, assetScale });
        if (isNew) decideFaucet(parts, tx, { engine, token: assetCode, amountUnits: openingUnits });
      }
    }
  });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
