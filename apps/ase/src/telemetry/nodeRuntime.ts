import {
  constants,
  type EventLoopUtilization,
  monitorEventLoopDelay,
  type NodeGCPerformanceDetail,
  PerformanceObserver,
  performance,
} from 'node:perf_hooks';
import { getHeapSpaceStatistics } from 'node:v8';
import type { GC_TYPES } from '../../../../telemetry/catalogue.ts';
import type { OperatorMetrics } from './instruments.ts';

/**
 * Event-loop figures are of the last whole window, so that exports and looks at /metrics do not disturb each other.
 * A little less than the playground's export interval: every export tells something new.
 */
const WINDOW_MS = 900;
const DELAY_RESOLUTION_MS = 10;

/** Feeds the metrics of the Node process itself. `stop` ends all measuring. */
export function observeNodeRuntime(
  metrics: OperatorMetrics,
  { memoryLimitBytes }: { memoryLimitBytes: number },
): { stop(): void } {
  const delays = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  delays.enable();
  const gcObserver = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { kind } = (entry as typeof entry & { detail: NodeGCPerformanceDetail }).detail;
      const type = GC_TYPE_OF_KIND.get(kind ?? 0);
      if (type) metrics.record('v8js_gc_duration_seconds', { v8js_gc_type: type }, entry.duration / 1000);
    }
  });
  gcObserver.observe({ entryTypes: ['gc'] });

  const delayP99Seconds = aWindow(() => {
    // Node measures its own timer's interval: what is over the resolution is delay.
    const p99Ms = delays.percentile(99) / 1e6 - DELAY_RESOLUTION_MS;
    delays.reset();
    return Math.max(0, p99Ms) / 1000;
  });
  let before: EventLoopUtilization = performance.eventLoopUtilization();
  const utilization = aWindow(() => {
    const now = performance.eventLoopUtilization();
    const share = performance.eventLoopUtilization(now, before).utilization;
    before = now;
    return share;
  });

  metrics.observe('nodejs_eventloop_delay_p99_seconds', () => [{ labels: {}, value: delayP99Seconds() }]);
  metrics.observe('nodejs_eventloop_utilization_ratio', () => [{ labels: {}, value: utilization() }]);
  metrics.observe('v8js_memory_heap_used_bytes', () =>
    getHeapSpaceStatistics().map((space) => ({
      labels: { v8js_heap_space_name: space.space_name },
      value: space.space_used_size,
    })),
  );
  metrics.observe('process_memory_usage_bytes', () => [{ labels: {}, value: process.memoryUsage.rss() }]);
  metrics.observe('process_memory_limit_bytes', () => [{ labels: {}, value: memoryLimitBytes }]);
  metrics.observe('process_start_timestamp_seconds', () => [
    { labels: {}, value: performance.timeOrigin / 1000 },
  ]);

  return {
    stop() {
      delays.disable();
      gcObserver.disconnect();
    },
  };
}

const GC_TYPE_OF_KIND = new Map<number, (typeof GC_TYPES)[number]>([
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
]);

/** Reads anew when the last reading is a window old, else gives that reading again. */
function aWindow(read: () => number): () => number {
  let value = read();
  let readAtMs = performance.now();
  return () => {
    if (performance.now() - readAtMs >= WINDOW_MS) {
      value = read();
      readAtMs = performance.now();
    }
    return value;
  };
}
