import { z } from 'zod';
import { SCENARIOS } from './scenarios.ts';

const METRIC = z.object({ values: z.record(z.string(), z.number()), crossed: z.array(z.string()) });
const SUMMARY = z.object({
  run: z.string(),
  scenario: z.enum(SCENARIOS),
  durationMs: z.number(),
  metrics: z.record(z.string(), METRIC),
});

/** What k6 says at the end of a run (scripts/load/lib/summary.js): its own metrics, with labels where they were asked for. */
export type LoadSummary = z.infer<typeof SUMMARY>;

/** Of a line that k6 wrote: the summary, if it is one. */
export function summaryIn(line: string): LoadSummary | undefined {
  return line.startsWith(MARK) ? SUMMARY.parse(JSON.parse(line.slice(MARK.length))) : undefined;
}

const MARK = 'LOAD ';

/** A number of the summary; 0 when nothing of the kind happened. */
export function numberOf({ metrics }: LoadSummary, metric: string, value: string): number {
  return metrics[metric]?.values[value] ?? 0;
}

/** Counts that have labels, such as those of `load_payments{ase:cloud-nine,…}`. */
export function countsOf(
  { metrics }: LoadSummary,
  name: string,
): { labels: Record<string, string>; count: number }[] {
  return Object.entries(metrics).flatMap(([key, { values }]) => {
    const labels = new RegExp(`^${name}\\{(.*)\\}$`).exec(key)?.[1];
    if (labels === undefined) return [];
    const pairs = labels.split(',').map((pair) => pair.split(':') as [string, string]);
    return { labels: Object.fromEntries(pairs), count: values.count ?? 0 };
  });
}

/** Thresholds that were crossed, as `metric: condition`. */
export function crossedIn({ metrics }: LoadSummary): string[] {
  return Object.entries(metrics).flatMap(([name, { crossed }]) =>
    crossed.map((condition) => `${name}: ${condition}`),
  );
}
