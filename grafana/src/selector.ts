import {
  type CATALOGUE,
  type MetricName,
  type MetricOfKind,
  OPERATOR_SERVICE_NAME,
} from '../../telemetry/catalogue.ts';
import { type LOAD_CATALOGUE, LOAD_JOB, type LoadMetricName } from '../../telemetry/loadCatalogue.ts';
import {
  type NETWORK_CATALOGUE,
  NETWORK_LABEL,
  NETWORK_SERVICE_NAME,
  type NetworkMetricName,
} from '../../telemetry/networkCatalogue.ts';
import { type USAGE_CATALOGUE, USAGE_JOB, type UsageMetricName } from '../../telemetry/usageCatalogue.ts';

/** A PromQL expression. Only queries.ts makes them, so that a panel cannot be given a loose string. */
export type PromQL = string & { readonly __promql: unique symbol };

/** The board's variables, as label matchers know them. */
export const INSTANCE_VARIABLE = 'instance';
export const ASSET_VARIABLE = 'asset';
export const NETWORK_VARIABLE = 'network';
export const SOURCE_VARIABLE = 'source';

/** `=` unless said otherwise; a variable may hold several values, so it is matched as an expression. */
type Match = string | { variable: string } | { oneOf: readonly string[] };
type LabelOf<N extends MetricName> = (typeof CATALOGUE)[N]['labels'][number];
export type Matchers<N extends MetricName> = Partial<Record<LabelOf<N>, Match>>;

/** `name{job="…",instance=~"$instance",…}`: the series of the ASEs that the board's variable chooses. */
export function selector<N extends MetricName>(name: N, matchers: Matchers<N> = {}): string {
  return select(name, OPERATOR_SERVICE_NAME, { instance: { variable: INSTANCE_VARIABLE }, ...matchers });
}

/** The series of all ASEs. */
export function everywhere(name: MetricName): string {
  return select(name, OPERATOR_SERVICE_NAME, {});
}

/** The buckets of a histogram. */
export function buckets<N extends MetricOfKind<'histogram'>>(
  name: N,
  matchers: Matchers<N> & { le?: string } = {},
): string {
  return select(`${name}_bucket`, OPERATOR_SERVICE_NAME, {
    instance: { variable: INSTANCE_VARIABLE },
    ...matchers,
  });
}

/** How many observations a histogram has, and their sum. */
export function histogramCount<N extends MetricOfKind<'histogram'>>(
  name: N,
  matchers: Matchers<N> = {},
): string {
  return histogramPart(name, 'count', matchers);
}
export function histogramSum<N extends MetricOfKind<'histogram'>>(
  name: N,
  matchers: Matchers<N> = {},
): string {
  return histogramPart(name, 'sum', matchers);
}

function histogramPart<N extends MetricOfKind<'histogram'>>(
  name: N,
  part: 'count' | 'sum',
  matchers: Matchers<N>,
): string {
  return select(`${name}_${part}`, OPERATOR_SERVICE_NAME, {
    instance: { variable: INSTANCE_VARIABLE },
    ...matchers,
  });
}

/** A series that the rules record for each ASE (prometheus/alerting/recorded.ts). */
export function recorded(name: string): string {
  return `${name}{instance=~"$${INSTANCE_VARIABLE}"}`;
}

type NetworkMatchers<N extends NetworkMetricName> = Partial<
  Record<(typeof NETWORK_CATALOGUE)[N]['labels'][number], Match>
>;

/** What the chosen sources tell the chosen network: ASEs of the playground and any other. */
export function shared<N extends NetworkMetricName>(name: N, matchers: NetworkMatchers<N> = {}): string {
  return select(name, NETWORK_SERVICE_NAME, { ...CHOSEN_SOURCES, ...matchers });
}

/** What all sources tell the chosen network. */
export function sharedByAll(name: NetworkMetricName): string {
  return select(name, NETWORK_SERVICE_NAME, CHOSEN_NETWORK);
}

/** The buckets of a histogram that is shared. */
export function sharedBuckets<N extends NetworkMetricName>(
  name: N,
  matchers: NetworkMatchers<N> = {},
): string {
  return select(`${name}_bucket`, NETWORK_SERVICE_NAME, { ...CHOSEN_SOURCES, ...matchers });
}

/** What the usage backend tells about the reports that it has. */
export function reported<N extends UsageMetricName>(
  name: N,
  matchers: Partial<Record<(typeof USAGE_CATALOGUE)[N]['labels'][number], Match>> = {},
): string {
  return select(name, USAGE_JOB, matchers);
}

type LoadMatchers<N extends LoadMetricName> = Partial<
  Record<(typeof LOAD_CATALOGUE)[N]['labels'][number], Match>
>;

/** What k6 tells while it makes load. */
export function loaded<N extends LoadMetricName>(name: N, matchers: LoadMatchers<N> = {}): string {
  return select(name, LOAD_JOB, matchers);
}

/** The buckets of one of its histograms. */
export function loadedBuckets(name: LoadMetricName): string {
  return select(`${name}_bucket`, LOAD_JOB, {});
}

const CHOSEN_NETWORK = { [NETWORK_LABEL]: { variable: NETWORK_VARIABLE } };
const CHOSEN_SOURCES = { ...CHOSEN_NETWORK, source: { variable: SOURCE_VARIABLE } };

function select(series: string, job: string, matchers: Partial<Record<string, Match>>): string {
  const all = Object.entries({ job, ...matchers });
  const parts = all.map(([label, match]) => `${label}${matcher(match as Match)}`);
  return `${series}{${parts.join(',')}}`;
}

function matcher(match: Match): string {
  if (typeof match === 'string') return `=${quote(match)}`;
  if ('variable' in match) return `=~"$${match.variable}"`;
  return `=~${quote(match.oneOf.map(literal).join('|'))}`;
}

/** A PromQL string. Grafana would read a `$` in it as a variable, and nothing of ours needs one. */
export function quote(text: string): string {
  if (text.includes('$')) throw new Error(`a label value cannot hold a dollar sign: ${text}`);
  return `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;
}

/** A value as a regular expression (RE2) that matches it and nothing else. */
function literal(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}
