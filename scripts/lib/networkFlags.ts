import type { NetworkPlan } from './component.ts';
import { UsageError } from './errors.ts';
import { type AseName, aseNames, type Hops } from './topology.ts';

/** The flags of `up` about network telemetry. */
export interface NetworkFlags {
  core: boolean;
  livenet?: readonly AseName[] | undefined;
}

/**
 * What the flags ask for.
 * @throws UsageError when they contradict each other, or name an ASE that there is not
 */
export function wantedNetwork({ core, livenet = [] }: NetworkFlags, hops: Hops): NetworkPlan {
  if (core && livenet.length > 0) throw new UsageError('--core and --livenet contradict each other');
  const absent = livenet.filter((name) => !aseNames(hops).includes(name));
  if (absent.length > 0)
    throw new UsageError(`--livenet ${absent.join(',')}: it is there with --hops 2 only`);
  return { core, livenet: aseNames(hops).filter((name) => livenet.includes(name)) };
}

/** Where what runs differs from what the flags ask for; flags that are not given ask for nothing. */
export function networkDifference({ core, livenet }: NetworkFlags, running: NetworkPlan): string | false {
  if (core && !running.core) return 'it has network telemetry';
  if (livenet === undefined) return false;
  if (running.core) return 'it has no network telemetry';
  const isSame =
    livenet.length === running.livenet.length && livenet.every((name) => running.livenet.includes(name));
  if (isSame) return false;
  return running.livenet.length === 0
    ? 'all its ASEs are on the testnet'
    : `its ASEs on the livenet are ${running.livenet.join(', ')}`;
}
