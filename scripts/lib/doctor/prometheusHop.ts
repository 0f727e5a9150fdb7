import { OPERATOR_SERVICE_NAME } from '../../../telemetry/catalogue.ts';
import { messageOf } from '../errors.ts';
import { firstLine } from '../http.ts';
import { queryNewest, queryPrometheus } from '../prometheus.ts';
import { readPrometheus } from '../truth/readHops.ts';
import { lookAtQueue } from './collectorHop.ts';
import { compareWithLedgers } from './compareHop.ts';
import { type Finding, RESTART, together } from './finding.ts';
import type { Patient } from './patient.ts';

/** An export a second, and what a queue may take. */
const OLDEST_SAMPLE_SECONDS = 8;
const LOOKBACK_SECONDS = 600;
const ARRIVES_WITHIN_MS = 6000;

/** Prometheus takes OTLP (or reaches the ASEs, with --pull), has new samples of every ASE, and they are the ledgers'. */
export async function lookAtPrometheus(patient: Patient): Promise<Finding> {
  const process = await patient.lookAtComponent('prometheus');
  if (process.trouble) return process;
  const door = await (patient.playground.pull ? lookAtTargets(patient) : lookAtDoor(patient));
  if (door.trouble) return together([process, door]);
  const fresh = await lookAtFreshness(patient);
  const sinceMs = Date.now() - OLDEST_SAMPLE_SECONDS * 1000;
  const numbers = await compareWithLedgers(patient, {
    name: 'Prometheus',
    fix: 'compare prometheus/prometheus.yml with the repository (git diff prometheus), then restart',
    arrivesWithinMs: ARRIVES_WITHIN_MS,
    read: () => readPrometheus(patient.playground, sinceMs),
  });
  return together([process, door, fresh, numbers]);
}

/** An empty OTLP message: taken by a Prometheus that takes OTLP, and it changes nothing. */
async function lookAtDoor({ playground }: Patient): Promise<Finding> {
  try {
    const response = await fetch(`${playground.prometheusUrl}/api/v1/otlp/v1/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      signal: AbortSignal.timeout(3000),
    });
    const body = await response.text();
    if (response.ok) return { evidence: ['it takes OTLP'] };
    const why = `Prometheus refuses OTLP: ${response.status} ${firstLine(body)}`;
    return { evidence: [], trouble: { why, fix: `it needs --web.enable-otlp-receiver: ${RESTART}` } };
  } catch (error) {
    return {
      evidence: [],
      trouble: { why: `Prometheus does not answer: ${messageOf(error)}`, fix: RESTART },
    };
  }
}

/** With --pull it fetches from every ASE. */
async function lookAtTargets({ playground }: Patient): Promise<Finding> {
  try {
    const reached = await queryPrometheus(
      playground.prometheusUrl,
      `up{job="${OPERATOR_SERVICE_NAME}"} == 1`,
    );
    const names = new Set(reached.map(({ labels }) => labels.instance));
    const unreached = playground.ases.map(({ name }) => name).filter((name) => !names.has(name));
    if (unreached.length === 0) return { evidence: ['it fetches from every ASE (--pull)'] };
    const why = `Prometheus does not get the metrics of ${unreached.join(', ')}`;
    const fix = `${playground.prometheusUrl}/api/v1/targets says why; ${RESTART}`;
    return { evidence: [], trouble: { why, fix } };
  } catch (error) {
    return {
      evidence: [],
      trouble: { why: `Prometheus does not answer: ${messageOf(error)}`, fix: RESTART },
    };
  }
}

async function lookAtFreshness(patient: Patient): Promise<Finding> {
  const { playground } = patient;
  try {
    const samples = await queryNewest(
      playground.prometheusUrl,
      `process_start_timestamp_seconds{job="${OPERATOR_SERVICE_NAME}"}`,
      LOOKBACK_SECONDS,
    );
    const newest = new Map(
      samples.map(({ labels, timestampSeconds }) => [labels.instance, timestampSeconds]),
    );
    const ages = playground.ases.map(({ name }) => ({
      name,
      age: Date.now() / 1000 - (newest.get(name) ?? 0),
    }));
    const stale = ages.filter(({ age }) => age > OLDEST_SAMPLE_SECONDS);
    if (stale.length === 0) {
      const oldest = Math.max(...ages.map(({ age }) => age));
      return { evidence: [`the newest samples are ${Math.max(0, oldest).toFixed(1)} s old`] };
    }
    const { state } = await lookAtQueue(patient);
    const queue = state
      ? `the collector has ${state.waiting} batches waiting, ${state.sendFailed} numbers failed`
      : '';
    const why = `Prometheus has no new samples of ${stale.map(words).join(', ')}`;
    return { evidence: queue === '' ? [] : [queue], trouble: { why, fix: RESTART } };
  } catch (error) {
    return {
      evidence: [],
      trouble: { why: `Prometheus does not answer: ${messageOf(error)}`, fix: RESTART },
    };
  }
}

function words({ name, age }: { name: string; age: number }): string {
  return age > LOOKBACK_SECONDS ? `${name} (none at all)` : `${name} (newest ${Math.round(age)} s old)`;
}
