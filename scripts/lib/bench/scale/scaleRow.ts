import { z } from 'zod';
import { PATHS } from './fleet.ts';

const LIMITS = ['shipped', 'raised'] as const;

/** What is tried: so many ASEs, how often they export, and what they export. */
const SCALE_STEP = z.strictObject({
  ases: z.int().positive(),
  intervalSeconds: z.int().positive(),
  paths: z.array(z.enum(PATHS)).min(1),
  /** `shipped`: memory limits as the playground has them; `raised`: only the machine limits. */
  limits: z.enum(LIMITS),
});
export type ScaleStep = z.infer<typeof SCALE_STEP>;

const USAGE = z.strictObject({
  /** Processors kept busy, in the mean. */
  cores: z.number(),
  /** Resident at its highest. */
  rssBytes: z.number(),
  /** Go's heap at the end, garbage included; null for programs that do not tell. */
  heapBytes: z.number().nullable(),
});
export type ScaleUsage = z.infer<typeof USAGE>;

const LAG = z.strictObject({ p50Ms: z.number(), p95Ms: z.number(), seen: z.number(), stalestMs: z.number() });

const PATH_FIGURES = z.strictObject({
  /** Samples a second that the collectors took from the ASEs. */
  samplesPerSecond: z.number(),
  /** Of one export of one ASE: the series that it has. */
  samplesPerExport: z.number(),
  /** Exports that were begun, as a share of those that were due. */
  begunShare: z.number(),
  failedExports: z.number(),
  /** Data points that the collectors refused or could not pass on. */
  lostPoints: z.number(),
  /** Messages waiting in the collectors at the end. */
  queued: z.number(),
  collectors: USAGE,
  /** From an export's begin to the collector's answer. */
  waitP95Ms: z.number(),
  /** Null: not one new sample was seen in Prometheus. */
  lag: LAG.nullable(),
  trouble: z.string().nullable(),
});
export type PathFigures = z.infer<typeof PATH_FIGURES>;

const BOARD = z.strictObject({
  uid: z.string(),
  queries: z.number(),
  milliseconds: z.number(),
  failed: z.number(),
  answerBytes: z.number(),
});

const FIGURES = z.strictObject({
  /** How long was measured. */
  seconds: z.number(),
  /** ASEs whose telemetry had been taken at least once. */
  asesSeen: z.number(),
  /** In Prometheus' head, its own and the collectors' included. */
  series: z.number(),
  samplesPerSecond: z.number(),
  prometheus: USAGE,
  /** Seconds that one evaluation of all rules took, the newest of each group. */
  rulesSeconds: z.number(),
  senders: USAGE,
  eventLoopDelayP99Ms: z.number(),
  /** Of all processors of the machine, whoever used them. */
  machineBusyCores: z.number(),
  /** Those that something else kept busy. */
  otherCores: z.number(),
  machineCores: z.number(),
  diskBytes: z.number(),
  paths: z.partialRecord(z.enum(PATHS), PATH_FIGURES),
  /** Those for which there was time. */
  boards: z.array(BOARD),
  boardsLeftOut: z.number(),
});
export type ScaleFigures = z.infer<typeof FIGURES>;

export const SCALE_ROW = z.strictObject({
  step: SCALE_STEP,
  /** Null when the step ended before anything could be measured. */
  figures: FIGURES.nullable(),
  /** What the step could not pass; null: it was carried. */
  bound: z.string().nullable(),
});
export type ScaleRow = z.infer<typeof SCALE_ROW>;
