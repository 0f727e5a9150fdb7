import type { AssetRef } from '../connector/types.ts';
import { invalidRequest } from './errors.ts';

/** The wallet addresses of an ASE, `https://…/alice`. */
export interface Wallets {
  has(name: string): boolean;
  urlOf(name: string): string;
  /** The wallet behind an address in a request. Throws a 400 that names the field. */
  fromUrl(url: string, field?: string): string;
  toJson(name: string): object;
}

export function createWallets(publicUrl: string, names: readonly string[], asset: AssetRef): Wallets {
  const known = new Set(names);
  const urlOf = (name: string) => `${publicUrl}/${name}`;
  return {
    has: (name) => known.has(name),
    urlOf,
    fromUrl(url, field = 'walletAddress') {
      const name = url.startsWith(`${publicUrl}/`) ? url.slice(publicUrl.length + 1) : '';
      if (known.has(name)) return name;
      throw invalidRequest([
        { field, reason: `names no wallet here, such as ${urlOf(names[0] ?? 'alice')}` },
      ]);
    },
    toJson: (name) => ({ id: urlOf(name), publicName: name, ...asset, resourceServer: publicUrl }),
  };
}
