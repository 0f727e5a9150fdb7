import type { Programs } from '../../component.ts';
import { messageOf } from '../../errors.ts';
import type { Settings } from '../../settings.ts';
import { WaitedTooLong, waitFor } from '../../wait.ts';
import { withTemporaryPlayground } from '../temporaryPlayground.ts';
import type { AseTemplate } from './aseTemplate.ts';
import { boundOf } from './boundOf.ts';
import { startFleets } from './fleets.ts';
import { measureStep, type StepParts } from './measureStep.ts';
import { startPipeline } from './pipeline.ts';
import type { ScaleFigures, ScaleRow, ScaleStep } from './scaleRow.ts';
import { type Budget, overMemory, StepEnded, watchDisk } from './stepGuard.ts';
import { watchUsage } from './usageWatch.ts';

/** What all steps of a run have in common. */
export interface ScaleSetting {
  template: AseTemplate;
  programs: Programs;
  budget: Budget;
}

interface Context {
  say: (line: string) => void;
  signal: AbortSignal;
}

/** Beyond two intervals, for ASEs to get their first export through. */
const FIRST_EXPORTS_WITHIN_MS = 20_000;

/**
 * Tries one step on programs and a state folder of its own. A step that the machine cannot carry ends with what bounded
 * it; only what is no matter of scale is thrown.
 */
export async function runStep(step: ScaleStep, setting: ScaleSetting, context: Context): Promise<ScaleRow> {
  try {
    const figures = await withTemporaryPlayground(context, ({ settings }) =>
      loadAndMeasure(step, settings, setting, context),
    );
    return { step, figures, bound: boundOf(step, figures) };
  } catch (error) {
    if (context.signal.aborted || !(error instanceof StepEnded)) throw error;
    return { step, figures: null, bound: error.message };
  }
}

async function loadAndMeasure(
  step: ScaleStep,
  settings: Settings,
  { template, programs, budget }: ScaleSetting,
  context: Context,
): Promise<ScaleFigures> {
  const pipeline = await startPipeline(settings, programs, step, context);
  const ended = new AbortController();
  const signal = AbortSignal.any([context.signal, ended.signal]);
  const { ases, intervalSeconds, paths } = step;
  const endpoints = Object.fromEntries(paths.map((path) => [path, pipeline.collectors[path]!.endpoints]));
  const fleets = startFleets({ ases, intervalMs: intervalSeconds * 1000, endpoints, template });
  const groups = {
    prometheus: [pipeline.prometheus.pid],
    senders: fleets.pids,
    operator: pipeline.collectors.operator?.pids ?? [],
    network: pipeline.collectors.network?.pids ?? [],
  };
  const usage = watchUsage(
    groups,
    (rssBytes) => rssBytes > budget.rssBytes && ended.abort(overMemory(rssBytes, budget)),
    signal,
  );
  void watchDisk(settings.home, budget, (reason) => ended.abort(reason), signal);
  const parts: StepParts = { step, pipeline, fleets, usage, template, folder: settings.home };
  try {
    await waitForFirstExports(parts, { ...context, signal });
    return await measureStep(parts, signal);
  } catch (error) {
    throw asStepEnd(error, ended.signal);
  } finally {
    ended.abort();
    fleets.stop();
  }
}

/** ASEs that do not get through are a finding, which the figures tell: the step goes on without them. */
async function waitForFirstExports({ step, fleets }: StepParts, context: Context): Promise<void> {
  const look = async () => {
    const { counts } = await fleets.report();
    const missing = step.paths.map((path) => step.ases - (counts[path]?.ases ?? 0));
    return Math.max(...missing) === 0 ? undefined : `first exports of ${Math.max(...missing)} ASEs`;
  };
  const timeoutMs = 2 * 1000 * step.intervalSeconds + FIRST_EXPORTS_WITHIN_MS;
  await waitFor(look, { timeoutMs, pollMs: 500, ...context }).catch((error) => {
    if (!(error instanceof WaitedTooLong)) throw error;
  });
}

/** Under load, programs that do not answer are a matter of scale; mistakes in this program are not. */
function asStepEnd(error: unknown, ended: AbortSignal): unknown {
  if (ended.reason instanceof StepEnded) return ended.reason;
  if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError)
    return error;
  return new StepEnded(`no answer any more: ${messageOf(error)}`);
}
