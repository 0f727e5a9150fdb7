import type { UsageReport } from '../../../telemetry/usageReport.ts';
import type { UsageLimits } from './settings.ts';

export const LIMITS: UsageLimits = {
  reportsPerSecond: 20n,
  reportsPerInstallationAndDay: 3,
  maxReports: 1_000,
  keepDays: 30,
};

/** A report of the n-th installation. */
export function reportOf(n: number, more: Partial<UsageReport> = {}): UsageReport {
  return {
    format: 1,
    installationId: `9b2c1f0e-7a53-4d7e-9c61-${n.toString(16).padStart(12, '0')}`,
    version: '0.1.0',
    uptimeHours: 5,
    platform: { system: 'linux', architecture: 'x64', nodeMajor: 24 },
    counts: { paymentsSent: '10-99', paymentsReceived: '0', packets: '100-999', errors: '0', peers: '1-9' },
    ...more,
  };
}
