import type { Peer } from './types.ts';

/** Finds the peer whose route is the longest prefix of an address, in whole segments. */
export function createRoutes(peers: readonly Peer[]): (address: string) => Peer | undefined {
  const routes = peers
    .flatMap((peer) => peer.routes.map((prefix) => ({ prefix, peer })))
    .sort((a, b) => b.prefix.length - a.prefix.length);
  return (address) => routes.find(({ prefix }) => isWithin(address, prefix))?.peer;
}

/** Whether an address is the prefix itself or lies below it: test.a.b is within test.a, test.ab is not. */
export const isWithin = (address: string, prefix: string): boolean =>
  address === prefix || address.startsWith(`${prefix}.`);
