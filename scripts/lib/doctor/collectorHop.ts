import { OPERATOR_SERVICE_NAME } from '../../../telemetry/catalogue.ts';
import { parsePrometheusText, type TextSample } from '../../../telemetry/textFormat.ts';
import { messageOf } from '../errors.ts';
import { get } from '../http.ts';
import { pause } from '../truth/quiet.ts';
import { readCollector } from '../truth/readHops.ts';
import { compareWithLedgers } from './compareHop.ts';
import { type Finding, RESTART, together } from './finding.ts';
import type { Patient } from './patient.ts';

/** Longer than two exports of an ASE. */
const WATCH_MS = 2500;
const ARRIVES_WITHIN_MS = 6000;

/** The collector takes what the ASEs send, can write it down, and passes on what it took. */
export async function lookAtCollector(patient: Patient): Promise<Finding> {
  const process = await patient.lookAtComponent('collector');
  if (process.trouble) return process;
  const queue = await lookAtQueue(patient);
  if (patient.playground.pull) {
    return together([
      process,
      queue.finding,
      { evidence: ['the ASEs’ own numbers do not pass it (--pull)'] },
    ]);
  }
  const flow = await lookAtFlow(patient);
  const numbers = await compareWithLedgers(patient, {
    name: 'the collector',
    fix: RESTART,
    arrivesWithinMs: ARRIVES_WITHIN_MS,
    read: () => readCollector(patient.playground),
  });
  return together([process, queue.finding, flow, numbers]);
}

export interface QueueState {
  waiting: number;
  capacity: number;
  enqueueFailed: number;
  sendFailed: number;
  refused: number;
}

/** The collector's own numbers about its queue to Prometheus. */
export async function lookAtQueue({
  playground,
  signal,
}: Patient): Promise<{ finding: Finding; state?: QueueState }> {
  const url = playground.collectorMetricsUrl;
  try {
    const first = queueState(await readSamples(url));
    await pause(WATCH_MS, signal);
    const state = queueState(await readSamples(url));
    const evidence = [`its queue holds ${state.waiting} of ${state.capacity}`];
    if (state.enqueueFailed > first.enqueueFailed) {
      const why = `the collector cannot write its queue: ${state.enqueueFailed} numbers lost (disk full, or its folder is not writable)`;
      const fix = `make room or give rights in ${playground.settings.home}/data/collector, then ${RESTART}`;
      return { finding: { evidence, trouble: { why, fix } }, state };
    }
    if (state.refused > first.refused) {
      const why = 'the collector refuses what the ASEs send: it is out of memory';
      return { finding: { evidence, trouble: { why, fix: RESTART } }, state };
    }
    return { finding: { evidence }, state };
  } catch (error) {
    const why = `the collector does not tell about itself: ${messageOf(error)}`;
    return { finding: { evidence: [], trouble: { why, fix: RESTART } } };
  }
}

function queueState(samples: readonly TextSample[]): QueueState {
  const sum = (name: string) =>
    samples
      .filter((sample) => sample.name === name || sample.name === `${name}_total`)
      // The queue of the traces is another one, and counts bytes.
      .filter(({ labels }) => labels.data_type !== 'traces')
      .reduce((total, { value }) => total + Number(value), 0);
  return {
    waiting: sum('otelcol_exporter_queue_size'),
    capacity: sum('otelcol_exporter_queue_capacity'),
    enqueueFailed: sum('otelcol_exporter_enqueue_failed_metric_points'),
    sendFailed: sum('otelcol_exporter_send_failed_metric_points'),
    refused: sum('otelcol_receiver_refused_metric_points'),
  };
}

/** Something of every process changes all the time; an ASE of which nothing changes sends nothing. */
async function lookAtFlow({ playground, signal }: Patient): Promise<Finding> {
  try {
    const first = byInstance(await readSamples(playground.collectorExportUrl));
    await pause(WATCH_MS, signal);
    const second = byInstance(await readSamples(playground.collectorExportUrl));
    const silent = playground.ases.filter(
      ({ name }) => !second.has(name) || second.get(name) === first.get(name),
    );
    if (silent.length === 0) return { evidence: ['every ASE sends'] };
    const names = silent.map(({ name }) => name).join(', ');
    const why = `nothing new reaches the collector from ${names}`;
    return {
      evidence: [],
      trouble: { why, fix: `./playground logs --component ${silent[0]!.name} shows why; ${RESTART}` },
    };
  } catch (error) {
    const why = `the collector does not show what it passed on: ${messageOf(error)}`;
    return { evidence: [], trouble: { why, fix: RESTART } };
  }
}

function byInstance(samples: readonly TextSample[]): Map<string, string> {
  const ours = samples.filter(({ labels }) => labels.job === OPERATOR_SERVICE_NAME);
  const groups = Map.groupBy(ours, ({ labels }) => labels.instance ?? '');
  return new Map([...groups].map(([name, group]) => [name, JSON.stringify(group)]));
}

export async function readSamples(url: string): Promise<TextSample[]> {
  const { status, body } = await get(url, { timeoutMs: 3000 });
  if (status !== 200) throw new Error(`${url} answers ${status}`);
  return parsePrometheusText(body);
}
