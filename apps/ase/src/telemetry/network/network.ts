import type { NetworkCounter } from '../../../../../telemetry/networkCatalogue.ts';
import type { AssetRef, RatesSource } from '../../connector/types.ts';
import type { Ledger, LedgerTx } from '../../ledger/types.ts';
import { TelemetryError, type TelemetryErrorListener } from '../errors.ts';
import type { OperatorMetrics } from '../operatorMetrics.ts';
import type { MechanismName } from '../privacy/mechanism.ts';
import { createBaseConversion } from './baseCurrency.ts';
import { countRelease, observePrivacy } from './observePrivacy.ts';
import { addSums, type Entry, note, type Sums, waiting, waitingSums } from './outbox.ts';
import { createNetworkProvider } from './provider.ts';
import { createReleases, releasedSums } from './releases.ts';
import {
  exactTotals,
  type NetworkReport,
  type PrivacyReport,
  publishedTotals,
  reportNetwork,
  reportPrivacy,
} from './report.ts';
import type { NetworkSettings } from './settings.ts';
import { createTrouble } from './trouble.ts';

export type { Entry } from './outbox.ts';

/**
 * What an ASE tells its network of, and how it is told of it. Everything is told twice: `note` in the very commit in
 * which it happens, which is what goes out, and `count` after that commit, which is what the books are compared with.
 * Both get the same entry, so that a rate that changes in between changes nothing.
 */
export interface NetworkTelemetry {
  /** A packet of an own outgoing payment was fulfilled; the amount is what left the sender, in the sender's asset. */
  fulfilled(asset: AssetRef, sentUnits: bigint): Entry;
  /** An outgoing payment has ended of which something was sent. */
  transaction(asset: AssetRef, feeUnits: bigint): Entry;
  note(tx: LedgerTx, entry: Entry): void;
  count(entry: Entry): void;
  recordPayTime(milliseconds: number): void;
  recordPacketTime(milliseconds: number): void;
  /** Ends an export interval: releases what happened, and begins to send it. */
  tick(): Promise<void>;
  /** Chooses another mechanism or ε from the next release on. */
  choose(change: { mechanism?: MechanismName | undefined; epsilon?: number | undefined }): Promise<void>;
  report(): NetworkReport;
  reportPrivacy(): PrivacyReport;
  stop(): Promise<void>;
}

/** Packets and payments that may wait for a release: hours of traffic. Beyond that the disk matters more. */
const MAX_WAITING = 1_000_000;

/** Network telemetry that is on. One that is off is not made at all. Throws when what the ledger has of it is unreadable. */
export function createNetworkTelemetry(options: {
  settings: NetworkSettings;
  ledger: Ledger;
  /** Asked in their order. */
  rates: readonly RatesSource[];
  metrics: OperatorMetrics;
  onError: TelemetryErrorListener;
}): NetworkTelemetry {
  const { settings, ledger, rates, metrics, onError } = options;
  const trouble = createTrouble(onError);
  const toBaseUnits = createBaseConversion(rates);
  let waits = waiting(ledger);
  const releases = createReleases({
    ledger,
    privacy: settings.privacy,
    onCommitted: (release) => countRelease(metrics, release),
  });
  let published: Record<NetworkCounter, bigint> = publishedTotals(releases.state);
  const provider = createNetworkProvider({ settings, published: () => published, onError });
  observePrivacy(metrics, releases);
  // Both from the books: a release that is committed and not yet on disk has taken its notes away already.
  const exact = (): Sums => addSums(releasedSums(ledger), waitingSums(ledger));
  const counted = exact();

  /** False when so much waits that nothing more is taken: a release has failed for hours. */
  function hasRoom(): boolean {
    waits += 1;
    if (waits <= MAX_WAITING) return true;
    trouble.begins(new TelemetryError('network_outbox_full', `${MAX_WAITING} packets wait for a release`));
    return false;
  }

  return {
    fulfilled: (asset, units) => ({
      kind: 'fulfill',
      units: toBaseUnits(asset, units),
      asset: asset.assetCode,
    }),
    transaction: (asset, units) => ({
      kind: 'transaction',
      units: toBaseUnits(asset, units),
      asset: asset.assetCode,
    }),

    note(tx, entry) {
      if (hasRoom()) note(tx, entry);
    },

    count(entry) {
      if (entry.kind === 'reject') counted.rejected += 1n;
      else if (entry.kind === 'fulfill') {
        counted.fulfilled += 1n;
        counted.amountUnits += BigInt(entry.units ?? 0);
      } else {
        counted.transactions += 1n;
        counted.feeUnits += BigInt(entry.units ?? 0);
      }
    },

    recordPayTime: provider.recordPayTime,
    recordPacketTime: provider.recordPacketTime,

    async tick() {
      try {
        waits = 0;
        await releases.release();
        published = publishedTotals(releases.state);
        trouble.ends();
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        trouble.begins(
          new TelemetryError('network_release_failed', `nothing is released: ${why}`, { cause }),
        );
        waits = waiting(ledger);
      }
      // Not awaited: a collector that does not answer must not hold up the next release.
      void provider.send();
    },

    async choose({ mechanism, epsilon }) {
      await releases.choose({
        ...(mechanism !== undefined && { mechanism }),
        ...(epsilon !== undefined && { epsilon }),
      });
    },

    report: () =>
      reportNetwork(settings, releases, {
        exact: exactTotals(exact()),
        counted: exactTotals(counted),
        published,
        waiting: waiting(ledger),
        collectors: provider.collectors(),
        problem: trouble.now(),
      }),
    reportPrivacy: () => reportPrivacy(settings, releases),

    async stop() {
      await provider.send();
      await provider.shutdown();
    },
  };
}
