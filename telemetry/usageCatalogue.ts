import type { MetricSpec } from './catalogue.ts';

/**
 * What the usage backend tells about the reports it has: every metric, once, by its name in Prometheus, which
 * fetches them from the backend's `/metrics`. All of them are read from its database, so a restart takes nothing back.
 */
export const USAGE_CATALOGUE = {
  usage_reports_received_total: {
    kind: 'counter',
    unit: '{report}',
    labels: ['version'],
    help: 'Usage reports taken since the database began, by the version that sent them.',
  },
  usage_reports_refused_total: {
    kind: 'counter',
    unit: '{report}',
    labels: ['reason'],
    help: 'Usage reports refused since the database began, by reason.',
  },
  usage_day_reports: {
    kind: 'gauge',
    unit: '{report}',
    labels: ['day', 'version'],
    help: 'Usage reports of each of the last 14 days (UTC), by version.',
  },
  usage_day_installations: {
    kind: 'gauge',
    unit: '{installation}',
    labels: ['day', 'version'],
    help: 'Installations that reported on each of the last 14 days (UTC), by version.',
  },
  usage_installations: {
    kind: 'gauge',
    unit: '{installation}',
    labels: ['days'],
    help: 'Different installations that reported today or within so many days (UTC).',
  },
  usage_reports_stored: {
    kind: 'gauge',
    unit: '{report}',
    labels: [],
    help: 'Usage reports in the database; those that are too old are deleted.',
  },
  usage_newest_report_timestamp_seconds: {
    kind: 'gauge',
    unit: 's',
    labels: [],
    help: 'When the newest usage report came, as Unix time; 0 before the first.',
  },
} as const satisfies Record<string, Omit<MetricSpec, 'source'>>;

export type UsageMetricName = keyof typeof USAGE_CATALOGUE;
/** Exactly the labels that the catalogue gives a metric. */
export type UsageLabelsOf<N extends UsageMetricName> = Record<
  (typeof USAGE_CATALOGUE)[N]['labels'][number],
  string
>;

/** The labels `job` and `instance` of the backend, which Prometheus is told with its address. */
export const USAGE_JOB = 'usage';

/** Why a report is refused. */
export const USAGE_REFUSALS = [
  /** No JSON, or cut off. */
  'malformed',
  /** JSON of another form. */
  'invalid',
  'too_large',
  'wrong_type',
  /** More at once than the backend takes of all together. */
  'flooding',
  /** More than one installation has to tell in a day. */
  'too_often',
  /** No room for more reports. */
  'full',
  /** The disk does not take it. */
  'storage',
] as const;
export type UsageRefusal = (typeof USAGE_REFUSALS)[number];

/** Of `usage_installations`: today, the last week, the last month. */
export const USAGE_SPANS_DAYS = [1, 7, 30] as const;
