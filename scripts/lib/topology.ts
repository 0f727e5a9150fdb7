import type { SettlementMethod } from '../../telemetry/catalogue.ts';

/** The payment network of a playground: which ASEs there are, and how they are linked. */

export type Hops = 1 | 2;
export const ASE_NAMES = ['cloud-nine', 'happy-life', 'global-bank'] as const;
export type AseName = (typeof ASE_NAMES)[number];
export type AssetCode = 'USD' | 'EUR';

export interface Ase {
  name: AseName;
  assetCode: AssetCode;
  assetScale: number;
  ilpAddress: string;
  peers: Peer[];
}

export interface Peer {
  id: AseName;
  /** What the two settle in, at the scale below. */
  assetCode: AssetCode;
  assetScale: number;
  /** The addresses that are reached through it. */
  routes: string[];
  settlement: SettlementTerms;
}

/** How an ASE pays what it owes a peer; units as text. */
interface SettlementTerms {
  method: SettlementMethod;
  thresholdUnits: string;
  settleToUnits: string;
  channelUnits: string;
}

/** The smallest unit is the cent everywhere. */
const ASSET_SCALE = 2;
const HOME_ASSET: Record<AseName, AssetCode> = {
  'cloud-nine': 'USD',
  'happy-life': 'EUR',
  'global-bank': 'USD',
};

/** The ASEs at the two ends, which hold the customers' wallets. */
export const END_ASES = ['cloud-nine', 'happy-life'] as const;
export const WALLETS = ['alice', 'bob', 'carol', 'dave'] as const;
export const OPENING_UNITS = '100000000000';
export const CREDIT_LIMIT_UNITS = '100000000000';
export const MAX_PACKET_AMOUNT_UNITS = '10000';

/** Traffic goes both ways, so a debt comes and goes: each side pays about once a minute, and now and then a channel is used up. */
const THRESHOLD_UNITS = '60000';
const SETTLE_TO_UNITS = '0';
const CHANNEL_UNITS = '500000';

/** The first of a link pays the second on the first chain, the second the first on the other: so both are seen. */
const LINKS: Record<Hops, [AseName, AseName, AssetCode][]> = {
  1: [['cloud-nine', 'happy-life', 'USD']],
  2: [
    ['cloud-nine', 'global-bank', 'USD'],
    ['global-bank', 'happy-life', 'EUR'],
  ],
};

/** One hop: the two ends are peers. Two hops: global-bank stands between them. */
export function topology(hops: Hops): Ase[] {
  return aseNames(hops).map((name) => ({
    name,
    assetCode: HOME_ASSET[name],
    assetScale: ASSET_SCALE,
    ilpAddress: ilpAddress(name),
    peers: peersOf(name, hops),
  }));
}

export function aseNames(hops: Hops): AseName[] {
  return hops === 1 ? ['cloud-nine', 'happy-life'] : ['cloud-nine', 'global-bank', 'happy-life'];
}

function peersOf(name: AseName, hops: Hops): Peer[] {
  return LINKS[hops].flatMap(([left, right, assetCode]) => {
    if (name !== left && name !== right) return [];
    const id = name === left ? right : left;
    return {
      id,
      assetCode,
      assetScale: ASSET_SCALE,
      routes: behind(id, name, hops).map(ilpAddress),
      settlement: {
        method: name === left ? 'xrp' : 'evm',
        thresholdUnits: THRESHOLD_UNITS,
        settleToUnits: SETTLE_TO_UNITS,
        channelUnits: CHANNEL_UNITS,
      },
    };
  });
}

/** Who is reached through `peer`, itself first: the links make a line, so all that is not behind us is behind it. */
function behind(peer: AseName, self: AseName, hops: Hops): AseName[] {
  const line = aseNames(hops);
  const forward = line.indexOf(peer) > line.indexOf(self);
  return forward ? line.slice(line.indexOf(peer)) : line.slice(0, line.indexOf(peer) + 1).reverse();
}

function ilpAddress(name: AseName): string {
  return `test.${name}`;
}
