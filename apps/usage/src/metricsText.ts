import {
  USAGE_CATALOGUE,
  USAGE_REFUSALS,
  type UsageLabelsOf,
  type UsageMetricName,
} from '../../../telemetry/usageCatalogue.ts';
import { firstOfLastDays } from './day.ts';
import { OTHER_VERSIONS, type UsageStore } from './store.ts';

/** Days that metrics tell apart; the query API has all. */
const SHOWN_DAYS = 14;
/** Rows of days and versions that are looked at for it. */
const MAX_ROWS = 2_000;

/** All metrics of the backend in Prometheus text format 0.0.4. */
export function renderMetrics(store: UsageStore, nowMs: number): string {
  const totals = store.totals();
  const known = new Set(totals.received.keys());
  const days = new Map<
    string,
    { labels: { day: string; version: string }; reports: number; installations: number }
  >();
  for (const row of store.days({ from: firstOfLastDays(SHOWN_DAYS, nowMs), limit: MAX_ROWS })) {
    const version = known.has(row.version) ? row.version : OTHER_VERSIONS;
    const key = `${row.day} ${version}`;
    const sum = days.get(key) ?? { labels: { day: row.day, version }, reports: 0, installations: 0 };
    days.set(key, {
      ...sum,
      reports: sum.reports + row.reports,
      installations: sum.installations + row.installations,
    });
  }
  const perDay = [...days.values()];
  return [
    family(
      'usage_reports_received_total',
      [...totals.received].map(([version, value]) => ({ labels: { version }, value })),
    ),
    family(
      'usage_reports_refused_total',
      USAGE_REFUSALS.map((reason) => ({ labels: { reason }, value: totals.refused[reason] })),
    ),
    family(
      'usage_day_reports',
      perDay.map(({ labels, reports }) => ({ labels, value: reports })),
    ),
    family(
      'usage_day_installations',
      perDay.map(({ labels, installations }) => ({ labels, value: installations })),
    ),
    family(
      'usage_installations',
      [...totals.installations].map(([span, value]) => ({ labels: { days: String(span) }, value })),
    ),
    family('usage_reports_stored', [{ labels: {}, value: totals.stored }]),
    family('usage_newest_report_timestamp_seconds', [{ labels: {}, value: totals.newestReportSeconds }]),
  ].join('');
}

/** Label values are versions, days and words of ours: none of them has anything to escape. */
function family<N extends UsageMetricName>(
  name: N,
  samples: readonly { labels: UsageLabelsOf<N>; value: number }[],
): string {
  const { kind, help } = USAGE_CATALOGUE[name];
  const lines = samples.map(({ labels, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
    return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n${lines.join('')}`;
}
