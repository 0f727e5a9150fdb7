import { z } from 'zod';

/**
 * The usage report: all that an installation ever tells about itself, and the only form that the backend takes.
 * It holds no name, no address and no amount; a field that is not listed here is refused, so that none can slip in.
 */

/** Of this form; a report of another one is refused. */
export const USAGE_REPORT_FORMAT = 1;

/** A report is some 350 bytes. */
export const MAX_USAGE_REPORT_BYTES = 2048;

/** Powers of ten, so that a count tells the size of an installation and nothing that happened in it. */
export const COUNT_BUCKETS = ['0', '1-9', '10-99', '100-999', '1000-9999', '10000-99999', '100000+'] as const;
export type CountBucket = (typeof COUNT_BUCKETS)[number];

/** What is counted, since the books of the installation began. */
export const USAGE_COUNTS = ['paymentsSent', 'paymentsReceived', 'packets', 'errors', 'peers'] as const;
export type UsageCount = (typeof USAGE_COUNTS)[number];

export const USAGE_SYSTEMS = ['linux', 'darwin', 'win32', 'other'] as const;
export const USAGE_ARCHITECTURES = ['x64', 'arm64', 'other'] as const;

const MAX_UPTIME_HOURS = 1_000_000;

export const usageReport = z.strictObject({
  format: z.literal(USAGE_REPORT_FORMAT),
  /** Random, made by the installation itself and of no other use: it only tells two reports of one from one of two. */
  installationId: z
    .string()
    .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, 'must be a random UUID'),
  version: z
    .string()
    .regex(/^\d{1,4}\.\d{1,4}\.\d{1,4}(-[a-z0-9.]{1,16})?$/, 'must be a version such as 1.2.3'),
  /** Whole hours since the process started. */
  uptimeHours: z.int().min(0).max(MAX_UPTIME_HOURS),
  platform: z.strictObject({
    system: z.enum(USAGE_SYSTEMS),
    architecture: z.enum(USAGE_ARCHITECTURES),
    nodeMajor: z.int().min(1).max(999),
  }),
  counts: z.strictObject(
    Object.fromEntries(USAGE_COUNTS.map((name) => [name, z.enum(COUNT_BUCKETS)])) as Record<
      UsageCount,
      z.ZodEnum<{ [B in CountBucket]: B }>
    >,
  ),
});
export type UsageReport = z.infer<typeof usageReport>;

/** The bucket of a count; below zero counts as zero. */
export function countBucket(count: bigint): CountBucket {
  if (count <= 0n) return '0';
  const digits = count.toString().length;
  return COUNT_BUCKETS[digits] ?? '100000+';
}

/** One of the words, else `other`. */
export function knownOr<const W extends readonly string[]>(words: W, word: string): W[number] | 'other' {
  return words.includes(word) ? word : 'other';
}
