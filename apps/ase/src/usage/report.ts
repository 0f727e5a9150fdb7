import {
  countBucket,
  knownOr,
  USAGE_ARCHITECTURES,
  USAGE_REPORT_FORMAT,
  USAGE_SYSTEMS,
  type UsageReport,
} from '../../../../telemetry/usageReport.ts';
import type { Total } from '../ledger/types.ts';

/** What a report is made of. */
export interface UsageFacts {
  installationId: string;
  version: string;
  uptimeMs: number;
  platform: { system: string; architecture: string; nodeVersion: string };
  /** The durable totals of the ledger. */
  totals: readonly Total[];
  peers: number;
}

const HOUR_MS = 3_600_000;

/** A usage report: sizes in powers of ten, and nothing by which anybody or any payment could be known. */
export function buildUsageReport(facts: UsageFacts): UsageReport {
  const { platform, totals } = facts;
  const sum = (quantity: Total['quantity'], labels: Record<string, string> = {}) =>
    totals
      .filter((total) => total.quantity === quantity)
      .filter((total) => Object.entries(labels).every(([name, text]) => total.labels[name] === text))
      .reduce((all, { value }) => all + value, 0n);
  return {
    format: USAGE_REPORT_FORMAT,
    installationId: facts.installationId,
    version: facts.version,
    uptimeHours: Math.floor(Math.max(0, facts.uptimeMs) / HOUR_MS),
    platform: {
      system: knownOr(USAGE_SYSTEMS, platform.system),
      architecture: knownOr(USAGE_ARCHITECTURES, platform.architecture),
      nodeMajor: Number.parseInt(platform.nodeVersion, 10),
    },
    counts: {
      paymentsSent: countBucket(sum('payments_total', { direction: 'outgoing', state: 'completed' })),
      paymentsReceived: countBucket(sum('payments_total', { direction: 'incoming', state: 'completed' })),
      packets: countBucket(sum('ilp_packets_processed_total', { type: 'prepare' })),
      errors: countBucket(sum('connector_errors_total')),
      peers: countBucket(BigInt(facts.peers)),
    },
  };
}
