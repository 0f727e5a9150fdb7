import { NETWORK_SERVICE_NAME, type NetworkName } from '../../../telemetry/networkCatalogue.ts';
import { parsePrometheusText, type TextSample } from '../../../telemetry/textFormat.ts';
import { messageOf } from '../errors.ts';
import { get } from '../http.ts';
import { networkComponentNames, networksOf } from '../networkComponents.ts';
import { plural } from '../text.ts';
import { type Finding, RESTART, together } from './finding.ts';
import type { Patient } from './patient.ts';

const TIMEOUT_MS = 3000;
/** An export may be late by two, and a sender may have to find another replica. */
const LATE_EXPORTS = 3;
const LATE_MS = 5000;

/** The network collectors and their balancers work, and every ASE tells its network. */
export async function lookAtNetwork(patient: Patient): Promise<Finding> {
  const { playground, lookAtComponent } = patient;
  const networks = networksOf(playground.network);
  if (networks.length === 0) return { evidence: ['there is no network telemetry (up --core)'] };
  const names = networks.flatMap(networkComponentNames);
  const processes = await Promise.all(names.map(lookAtComponent));
  if (processes.some(({ trouble }) => trouble)) return together(processes);
  const parts = networks.map((network) => lookAtReplicas(patient, network));
  return together([...processes, ...(await Promise.all(parts)), await lookAtSenders(patient, networks)]);
}

/** What they drop of strangers is told, and no trouble of ours. */
async function lookAtReplicas({ playground }: Patient, network: NetworkName): Promise<Finding> {
  try {
    const samples = await readAll(playground.networkMetricsUrls[network] ?? []);
    const dropped = sumOf(samples, 'otelcol_processor_filter_datapoints_filtered');
    const refused = sumOf(samples, 'otelcol_receiver_refused_metric_points');
    return {
      evidence: [
        `${network}: ${plural(dropped, 'point')} dropped that do not belong there${refused > 0 ? `, ${refused} refused for want of memory` : ''}`,
      ],
    };
  } catch (error) {
    const why = `the collectors of the ${network} do not tell about themselves: ${messageOf(error)}`;
    return { evidence: [], trouble: { why, fix: RESTART } };
  }
}

async function lookAtSenders({ playground }: Patient, networks: readonly NetworkName[]): Promise<Finding> {
  const limitMs = LATE_EXPORTS * playground.settings.networkExportIntervalMs + LATE_MS;
  try {
    const urls = networks.flatMap((network) => playground.networkExportUrls[network] ?? []);
    const newest = new Map<string, number>();
    for (const { labels, timestampMs = 0 } of await readAll(urls)) {
      if (labels.job !== NETWORK_SERVICE_NAME || labels.source === undefined) continue;
      newest.set(labels.source, Math.max(newest.get(labels.source) ?? 0, timestampMs));
    }
    const silent = playground.ases.filter(({ name }) => Date.now() - (newest.get(name) ?? 0) > limitMs);
    const others = newest.size - playground.ases.filter(({ name }) => newest.has(name)).length;
    const evidence = others > 0 ? [`${plural(others, 'other sender')} beside our ASEs`] : [];
    if (silent.length === 0) return { evidence: ['every ASE tells its network', ...evidence] };
    const why = `nothing new reaches the network collectors from ${silent.map(({ name }) => name).join(', ')}`;
    const fix = `./playground logs --component ${silent[0]!.name} shows why; ${RESTART}`;
    return { evidence, trouble: { why, fix } };
  } catch (error) {
    const why = `the network collectors do not show what they passed on: ${messageOf(error)}`;
    return { evidence: [], trouble: { why, fix: RESTART } };
  }
}

async function readAll(urls: readonly string[]): Promise<TextSample[]> {
  const texts = urls.map(async (url) => {
    const { status, body } = await get(url, { timeoutMs: TIMEOUT_MS });
    if (status !== 200) throw new Error(`${url} answers ${status}`);
    return parsePrometheusText(body);
  });
  return (await Promise.all(texts)).flat();
}

function sumOf(samples: readonly TextSample[], metric: string): number {
  return samples.filter(({ name }) => name === metric).reduce((total, { value }) => total + Number(value), 0);
}
