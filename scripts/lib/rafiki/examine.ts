import { connect } from 'node:net';
import {
  NETWORK_CATALOGUE,
  NETWORK_LABEL,
  NETWORK_SERVICE_NAME,
} from '../../../telemetry/networkCatalogue.ts';
import { parsePrometheusText } from '../../../telemetry/textFormat.ts';
import { messageOf } from '../errors.ts';
import { get } from '../http.ts';
import { queryNewest } from '../prometheus.ts';
import { plural } from '../text.ts';
import { type NetworkPanel, networkPanels } from './panels.ts';
import { type RafikiVariable, rafikiVariables } from './variables.ts';

/** Where a Rafiki would send to, and what it would show on. */
export interface RafikiPlace {
  /** The balancer of the testnet. */
  collectorUrl: string;
  ratesUrl: string;
  exportIntervalMs: number;
  /** What each replica says about itself. */
  metricsUrls: readonly string[];
  prometheusUrl: string;
  /** The generated boards. */
  boardsFolder: string;
  /** The names of our own ASEs. */
  ownSources: readonly string[];
}

export interface RafikiReport {
  ok: boolean;
  variables: RafikiVariable[];
  checks: { name: string; ok: boolean; evidence: string }[];
  /** Senders that are no ASE of ours. */
  sources: RafikiSource[];
  panels: (NetworkPanel & {
    /** Whether every metric of it has come from such a sender. */
    fills: boolean;
  })[];
  why: string | null;
  fix: string | null;
}

export interface RafikiSource {
  source: string;
  network: string;
  metrics: string[];
  newestSampleSeconds: number;
}

const TIMEOUT_MS = 2000;
const LOOKBACK_SECONDS = 3600;
/** A Rafiki exports every 15 s unless told otherwise. */
const FRESH_SECONDS = 90;

/** What a real Rafiki has to be told, whether one sends, and what of the boards it fills. */
export async function examineRafiki(place: RafikiPlace): Promise<RafikiReport> {
  const balancer = await lookAtBalancer(place.collectorUrl);
  const { sources, trouble } = await findSources(place);
  const dropped = await droppedPoints(place.metricsUrls);
  const fresh = sources.filter(({ newestSampleSeconds }) => newestSampleSeconds <= FRESH_SECONDS);
  const arrived = new Set(fresh.flatMap(({ metrics }) => metrics));
  const panels = networkPanels(place.boardsFolder).map((panel) => ({
    ...panel,
    fills: panel.metrics.every((name) => arrived.has(name)),
  }));
  const series = trouble === undefined && fresh.length > 0;
  const checks = [
    {
      name: 'the balancer of the testnet answers',
      ok: balancer === undefined,
      evidence: balancer ?? place.collectorUrl,
    },
    {
      name: 'series of a sender that is no ASE of ours have arrived',
      ok: series,
      evidence: trouble ?? (sources.map(sourceWords).join('; ') || `none; ${droppedWords(dropped)}`),
    },
  ];
  return {
    ok: checks.every(({ ok }) => ok),
    variables: rafikiVariables(place),
    checks,
    sources,
    panels,
    ...verdict(balancer, trouble, sources, fresh, dropped),
  };
}

function verdict(
  balancer: string | undefined,
  trouble: string | undefined,
  sources: readonly RafikiSource[],
  fresh: readonly RafikiSource[],
  dropped: ReadonlyMap<string, number>,
): { why: string | null; fix: string | null } {
  if (balancer !== undefined) {
    return {
      why: balancer,
      fix: './playground up starts the testnet’s collectors; up --core leaves them out',
    };
  }
  if (trouble !== undefined) return { why: trouble, fix: './playground doctor' };
  if (fresh.length > 0) return { why: null, fix: null };
  if (sources.length > 0) {
    const why = `it has stopped: ${sources.map(sourceWords).join('; ')}`;
    return { why, fix: 'look into the log of the Rafiki; it says when an export fails' };
  }
  const fix =
    'start a Rafiki with the variables above, and make a payment: it tells nothing before its first';
  const strangers = (dropped.get('filter/sender') ?? 0) + (dropped.get('filter/attribute') ?? 0);
  if (strangers === 0) return { why: 'no Rafiki has sent anything yet', fix };
  return {
    why: `somebody sends, but all of it is dropped: ${droppedWords(dropped)}`,
    fix: 'compare NETWORK_SOURCES in .env with its INSTANCE_NAME; docs/network-collectors.md says what each filter drops',
  };
}

function lookAtBalancer(url: string): Promise<string | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: TIMEOUT_MS });
    const finish = (why: string | undefined) => {
      socket.destroy();
      resolve(why);
    };
    socket.once('connect', () => {
      // With no collector behind it, it ends what it has just taken.
      socket.once('close', () =>
        resolve(`${url} takes connections and ends them: no collector behind it works`),
      );
      setTimeout(() => finish(undefined), 300);
    });
    socket.once('timeout', () => finish(`${url} does not answer within ${TIMEOUT_MS} ms`));
    socket.once('error', (error) => finish(`${url} does not answer: ${error.message}`));
  });
}

async function findSources({
  prometheusUrl,
  ownSources,
}: RafikiPlace): Promise<{ sources: RafikiSource[]; trouble?: string }> {
  const selector = `{job="${NETWORK_SERVICE_NAME}",source!~"${ownSources.join('|')}"}`;
  try {
    const samples = await queryNewest(prometheusUrl, selector, LOOKBACK_SECONDS);
    const groups = Map.groupBy(samples, ({ labels }) => `${labels.source} ${labels[NETWORK_LABEL]}`);
    const sources = [...groups.values()].map((group): RafikiSource => {
      const newest = Math.max(...group.map(({ timestampSeconds }) => timestampSeconds));
      return {
        source: group[0]!.labels.source ?? '',
        network: group[0]!.labels[NETWORK_LABEL] ?? '',
        metrics: [...new Set(group.map(({ labels }) => familyOf(labels.__name__ ?? '')))].sort(),
        newestSampleSeconds: Math.max(0, Math.round(Date.now() / 1000 - newest)),
      };
    });
    return { sources: sources.sort((a, b) => a.newestSampleSeconds - b.newestSampleSeconds) };
  } catch (error) {
    return { sources: [], trouble: `Prometheus cannot be asked: ${messageOf(error)}` };
  }
}

function familyOf(name: string): string {
  const family = name.replace(/_(bucket|sum|count)$/, '');
  return family in NETWORK_CATALOGUE ? family : name;
}

/** By the filter that dropped them; of replicas that do not answer, none. */
async function droppedPoints(urls: readonly string[]): Promise<Map<string, number>> {
  const dropped = new Map<string, number>();
  for (const url of urls) {
    const text = await get(url, { timeoutMs: TIMEOUT_MS }).catch(() => undefined);
    if (text?.status !== 200) continue;
    for (const { name, labels, value } of parsePrometheusText(text.body)) {
      if (name !== 'otelcol_processor_filter_datapoints_filtered') continue;
      const filter = labels.filter ?? '';
      dropped.set(filter, (dropped.get(filter) ?? 0) + Number(value));
    }
  }
  return dropped;
}

function sourceWords({ source, network, metrics, newestSampleSeconds }: RafikiSource): string {
  return `${source} on the ${network}: ${plural(metrics.length, 'metric')}, the newest ${newestSampleSeconds} s ago`;
}

function droppedWords(dropped: ReadonlyMap<string, number>): string {
  const words = [...dropped].filter(([, count]) => count > 0).map(([filter, count]) => `${filter} ${count}`);
  return words.length === 0 ? 'no point was dropped' : `dropped points: ${words.join(', ')}`;
}
