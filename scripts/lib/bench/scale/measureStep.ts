import os from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { boardUids } from '../boards.ts';
import type { AseTemplate } from './aseTemplate.ts';
import { timeBoards } from './boardTimes.ts';
import type { ExportCounts } from './exportTally.ts';
import { aseName, type FleetReport, type Path } from './fleet.ts';
import type { Fleets } from './fleets.ts';
import { type IngestLag, watchIngest } from './ingestLag.ts';
import { lostPoints, type OwnMetrics, readOwnMetrics } from './ownMetrics.ts';
import type { Pipeline } from './pipeline.ts';
import { machineBusySeconds } from './processorTime.ts';
import type { PathFigures, ScaleFigures, ScaleStep, ScaleUsage } from './scaleRow.ts';
import { folderBytes } from './stepGuard.ts';
import type { Used, watchUsage } from './usageWatch.ts';

/** A step under way. */
export interface StepParts {
  step: ScaleStep;
  pipeline: Pipeline;
  fleets: Fleets;
  usage: ReturnType<typeof watchUsage<Path | 'prometheus' | 'senders'>>;
  template: AseTemplate;
  folder: string;
}

/** After the first exports, for what they made to be over. */
const SETTLE_MS = 5_000;
const SHORTEST_WINDOW_SECONDS = 15;
/** Two exports of each ASE, or as many as fit into the shortest window. */
const windowSeconds = (intervalSeconds: number): number =>
  Math.max(SHORTEST_WINDOW_SECONDS, 2 * intervalSeconds);

/** Measures for some intervals what the step takes and how late it is; then opens every board. */
export async function measureStep(parts: StepParts, signal: AbortSignal): Promise<ScaleFigures> {
  const { step, pipeline, usage, folder, template } = parts;
  await delay(SETTLE_MS, undefined, { signal });
  const before = await look(parts);
  usage.reset();
  const watching = new AbortController();
  const lags = step.paths.map((path) => {
    const enough = AbortSignal.any([signal, watching.signal]);
    return [path, watchIngest(pipeline.prometheus.url, path, step.ases, enough)] as const;
  });
  await delay(windowSeconds(step.intervalSeconds) * 1000, undefined, { signal });
  const used = usage.used();
  const lagOf = new Map(lags.map(([path, lag]) => [path, lag()]));
  watching.abort();
  const after = await look(parts);
  const boards = await timeBoards(pipeline.prometheus.url, choiceOf(step, template), signal);
  return {
    ...figuresOf(step, before, after, used, lagOf),
    diskBytes: await folderBytes(folder),
    boards,
    boardsLeftOut: boardUids().length - boards.length,
  };
}

/** Everything that is read at one moment. */
interface Look {
  atMs: number;
  machineBusySeconds: number;
  sent: FleetReport;
  prometheus: OwnMetrics;
  collectors: Partial<Record<Path, OwnMetrics>>;
}

async function look({ step, pipeline, fleets }: StepParts): Promise<Look> {
  const [sent, prometheus, ...collectors] = await Promise.all([
    fleets.report(),
    readOwnMetrics([`${pipeline.prometheus.url}/metrics`]),
    ...step.paths.map((path) => readOwnMetrics(pipeline.collectors[path]!.metricsUrls)),
  ]);
  return {
    atMs: performance.now(),
    machineBusySeconds: machineBusySeconds(),
    sent,
    prometheus,
    collectors: Object.fromEntries(step.paths.map((path, i) => [path, collectors[i]!])),
  };
}

function figuresOf(
  step: ScaleStep,
  before: Look,
  after: Look,
  used: Used<Path | 'prometheus' | 'senders'>,
  lagOf: ReadonlyMap<Path, IngestLag | null>,
): Omit<ScaleFigures, 'diskBytes' | 'boards' | 'boardsLeftOut'> {
  const seconds = (after.atMs - before.atMs) / 1000;
  const appended = ({ prometheus }: Look) =>
    prometheus.sum('prometheus_tsdb_head_samples_appended_total', { type: 'float' });
  const pathFigures = (path: Path): PathFigures => {
    const [counts, countsBefore] = [after.sent.counts[path]!, before.sent.counts[path]!];
    const [metrics, metricsBefore] = [after.collectors[path]!, before.collectors[path]!];
    const grown = (of: (counts: ExportCounts) => number) => of(counts) - of(countsBefore);
    const samples = grown((of) => of.samples);
    return {
      samplesPerSecond: samples / seconds,
      samplesPerExport: Math.round(
        samples /
          Math.max(
            1,
            grown(({ taken }) => taken),
          ),
      ),
      begunShare: grown(({ begun }) => begun) / ((step.ases * seconds) / step.intervalSeconds),
      failedExports: grown(({ failed }) => failed),
      lostPoints: lostPoints(metrics) - lostPoints(metricsBefore),
      queued: metrics.sum('otelcol_exporter_queue_size'),
      collectors: usageOf(used[path], metrics.sum('otelcol_process_runtime_heap_alloc_bytes')),
      waitP95Ms: counts.waitMs.p95,
      lag: lagOf.get(path) ?? null,
      trouble: counts.failed > 0 ? counts.trouble : null,
    };
  };
  const machineBusyCores = (after.machineBusySeconds - before.machineBusySeconds) / seconds;
  const ourCores = Object.values(used).reduce((total, { cores }) => total + cores, 0);
  return {
    seconds,
    asesSeen: Math.min(...step.paths.map((path) => after.sent.counts[path]!.ases)),
    series: after.prometheus.sum('prometheus_tsdb_head_series'),
    samplesPerSecond: (appended(after) - appended(before)) / seconds,
    prometheus: usageOf(used.prometheus, after.prometheus.sum('go_memstats_heap_alloc_bytes')),
    rulesSeconds: after.prometheus.sum('prometheus_rule_group_last_duration_seconds'),
    senders: usageOf(used.senders, null),
    eventLoopDelayP99Ms: after.sent.eventLoopDelayP99Ms,
    machineBusyCores,
    otherCores: Math.max(0, machineBusyCores - ourCores),
    machineCores: os.availableParallelism(),
    paths: Object.fromEntries(step.paths.map((path) => [path, pathFigures(path)])),
  };
}

function usageOf(
  { cores, rssBytes }: { cores: number; rssBytes: number },
  heapBytes: number | null,
): ScaleUsage {
  return { cores, rssBytes, heapBytes };
}

/** All ASEs, as somebody has them who opens a board without choosing. */
function choiceOf({ ases, intervalSeconds }: ScaleStep, { values }: AseTemplate) {
  const assets = new Set(values.flatMap(({ labels }) => labels.asset ?? []));
  return {
    ases: Array.from({ length: ases }, (_, i) => aseName(i + 1)),
    assets: [...assets],
    network: 'testnet',
    sampleSeconds: intervalSeconds,
  };
}
