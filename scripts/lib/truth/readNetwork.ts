import {
  NETWORK_COUNTERS,
  NETWORK_SERVICE_NAME,
  type NetworkName,
} from '../../../telemetry/networkCatalogue.ts';
import type { Admin } from '../admin.ts';
import { messageOf } from '../errors.ts';
import { canonicalNumeral } from '../numeral.ts';
import type { Playground } from '../playground.ts';
import { queryNewest } from '../prometheus.ts';
import type { Reading } from './compare.ts';
import { compareNetwork, type NetworkReadings, type Telling } from './compareNetwork.ts';
import { readText } from './readHops.ts';
import type { TruthRow } from './row.ts';

export interface NetworkTruth {
  rows: TruthRow[];
  problems: string[];
  /** Why there are fewer rows than there could be. */
  notes: string[];
  /** The longest time between two exports to a network. */
  exportIntervalMs: number;
}

const NEWEST_WITHIN_SECONDS = 60;

/** Compares what every ASE tells its network with what arrives there. */
export async function networkTruth(
  playground: Pick<Playground, 'ases' | 'networkExportUrls' | 'prometheusUrl'>,
  admins: readonly Admin[],
  sinceMs: number,
): Promise<NetworkTruth> {
  const { ases, networkExportUrls: urls } = playground;
  const reports = await Promise.all(admins.map((admin) => admin.network()));
  const all: Telling[] = reports.flatMap((report, i) =>
    report.enabled ? { ...report, ase: ases[i]!.name } : [],
  );
  const tellings = all.filter(({ network }) => urls[network] !== undefined);
  const networks = [...new Set(tellings.map(({ network }) => network))];
  const [collector, prometheus] = await Promise.all([
    Promise.all(networks.map((network) => readReplicas(network, urls[network]!))),
    tellings.length > 0 ? readNetworkPrometheus(playground.prometheusUrl, sinceMs) : NOTHING,
  ]);
  const readings: NetworkReadings = {
    collector: collector.flatMap((one) => one.readings),
    prometheus: prometheus.readings,
  };
  return {
    rows: compareNetwork(tellings, readings),
    problems: [...collector, prometheus].flatMap(({ problems }) => problems),
    notes: notesOf(all, tellings, ases.length),
    exportIntervalMs: Math.max(0, ...tellings.map((telling) => telling.exportIntervalMs)),
  };
}

interface Read {
  readings: Reading[];
  problems: string[];
}
const NOTHING: Read = { readings: [], problems: [] };

function notesOf(all: readonly Telling[], compared: readonly Telling[], ases: number): string[] {
  if (all.length === 0) return ['network telemetry is off: nothing of it was compared'];
  const alone = all.filter((telling) => !compared.includes(telling)).map(({ ase }) => ase);
  const off = ases - all.length;
  return [
    ...(alone.length > 0
      ? [`the network collectors do not run: what ${alone.join(' and ')} would tell them was not compared`]
      : []),
    ...(off > 0 ? [`network telemetry is off at ${off} of ${ases} ASEs`] : []),
  ];
}

/** A replica that is away is no trouble while another one has heard the newest. */
async function readReplicas(network: NetworkName, urls: readonly string[]): Promise<Read> {
  const reads = await Promise.allSettled(urls.map((url) => readText(url)));
  const heard = reads.flatMap((read) => (read.status === 'fulfilled' ? read.value : []));
  if (reads.every(({ status }) => status === 'rejected')) {
    const why = reads.map((read) => (read.status === 'rejected' ? messageOf(read.reason) : '')).join(', ');
    return { readings: [], problems: [`collectors of the ${network}: ${why}`] };
  }
  return { readings: heard.flatMap(({ name, labels, value }) => reading(name, labels, value)), problems: [] };
}

async function readNetworkPrometheus(prometheusUrl: string, sinceMs: number): Promise<Read> {
  const selector = `{__name__=~"${NETWORK_COUNTERS.join('|')}",job="${NETWORK_SERVICE_NAME}"}`;
  try {
    const newest = await queryNewest(prometheusUrl, selector, NEWEST_WITHIN_SECONDS);
    return {
      readings: newest
        .filter(({ timestampSeconds }) => timestampSeconds * 1000 >= sinceMs)
        .flatMap(({ labels: { __name__ = '', ...labels }, value }) => reading(__name__, labels, value)),
      problems: [],
    };
  } catch (error) {
    return { readings: [], problems: [`Prometheus: ${messageOf(error)}`] };
  }
}

function reading(quantity: string, labels: Record<string, string>, value: string): Reading[] {
  const { job, instance = '', ...rest } = labels;
  const isOurs = job === NETWORK_SERVICE_NAME && (NETWORK_COUNTERS as readonly string[]).includes(quantity);
  return isOurs ? [{ ase: instance, quantity, labels: rest, value: canonicalNumeral(value) ?? value }] : [];
}
