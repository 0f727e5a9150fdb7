import type { NetworkCounter } from '../../../../../telemetry/networkCatalogue.ts';
import type { AssetRef, RatesSource } from '../../connector/types.ts';
import type { Ledger, LedgerTx } from '../../ledger/types.ts';
import { TelemetryError, type TelemetryErrorListener } from '../errors.ts';
import type { OperatorMetrics } from '../operatorMetrics.ts';
import type { MechanismName } from '../privacy/mechanism.ts';
import { toBaseUnits } from './baseCurrency.ts';
import { countRelease, observePrivacy } from './observePrivacy.ts';
import { addSums, note, type Sums, waiting, waitingSums } from './outbox.ts';
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

/** A packet of an own outgoing payment that has ended; the amount is what left the sender, in the sender's asset. */
interface SentPacket {
  asset: AssetRef;
  sentUnits: bigint;
  isFulfilled: boolean;
}
/** An outgoing payment that has ended and of which something was sent. */
interface EndedPayment {
  asset: AssetRef;
  feeUnits: bigint;
}

/**
 * What an ASE tells its network of, and how it is told of it. Everything is told twice: `note…` in the very commit in
 * which it happens, which is what goes out, and `count…` after that commit, which is what the books are compared with.
 */
export interface NetworkTelemetry {
  notePacket(tx: LedgerTx, packet: SentPacket): void;
  countPacket(packet: SentPacket): void;
  noteTransaction(tx: LedgerTx, payment: EndedPayment): void;
  countTransaction(payment: EndedPayment): void;
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

/** Rows that may wait for a release: hours of traffic. Beyond that the disk matters more. */
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
  let rows = waiting(ledger);
  const toUnits = (asset: AssetRef, units: bigint) => toBaseUnits(rates, asset, units);
  const releases = createReleases({
    ledger,
    privacy: settings.privacy,
    onCommitted: (release) => countRelease(metrics, release),
  });
  let published: Record<NetworkCounter, bigint> = publishedTotals(releases.state);
  const provider = createNetworkProvider({ settings, published: () => published, onError });
  observePrivacy(metrics, releases);
  // Both from the books: a release that is committed and not yet on disk has taken its rows away already.
  const exact = (): Sums => addSums(releasedSums(ledger), waitingSums(ledger));
  const counted = exact();

  /** False when so much waits that nothing more is taken: a release has failed for hours. */
  function hasRoom(): boolean {
    rows += 1;
    if (rows <= MAX_WAITING) return true;
    trouble.begins(new TelemetryError('network_outbox_full', `${MAX_WAITING} rows wait for a release`));
    return false;
  }

  return {
    notePacket(tx, { asset, sentUnits, isFulfilled }) {
      if (!hasRoom()) return;
      if (!isFulfilled) note(tx, { kind: 'reject' });
      else note(tx, { kind: 'fulfill', units: toUnits(asset, sentUnits), asset: asset.assetCode });
    },

    countPacket({ asset, sentUnits, isFulfilled }) {
      if (!isFulfilled) counted.rejected += 1n;
      else {
        counted.fulfilled += 1n;
        counted.amountUnits += toUnits(asset, sentUnits) ?? 0n;
      }
    },

    noteTransaction(tx, { asset, feeUnits }) {
      if (!hasRoom()) return;
      note(tx, { kind: 'transaction', units: toUnits(asset, feeUnits), asset: asset.assetCode });
    },

    countTransaction({ asset, feeUnits }) {
      counted.transactions += 1n;
      counted.feeUnits += toUnits(asset, feeUnits) ?? 0n;
    },

    recordPayTime: provider.recordPayTime,
    recordPacketTime: provider.recordPacketTime,

    async tick() {
      try {
        rows = 0;
        await releases.release();
        published = publishedTotals(releases.state);
        trouble.ends();
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        trouble.begins(
          new TelemetryError('network_release_failed', `nothing is released: ${why}`, { cause }),
        );
        rows = waiting(ledger);
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
