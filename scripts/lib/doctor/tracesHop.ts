import { OPERATOR_SERVICE_NAME } from '../../../telemetry/catalogue.ts';
import type { TextSample } from '../../../telemetry/textFormat.ts';
import { messageOf } from '../errors.ts';
import { get } from '../http.ts';
import { WaitedTooLong, waitFor } from '../wait.ts';
import { readSamples } from './collectorHop.ts';
import { type Finding, RESTART, together } from './finding.ts';
import type { Patient } from './patient.ts';

/** Longer than the pauses between the collector's attempts. */
const HANDED_ON_WITHIN_MS = 6000;
const TIMEOUT_MS = 3000;

/** Jaeger lives, the collector hands it what it gets, and Jaeger knows of traces. No span is not a fault: perhaps nobody paid. */
export async function lookAtTraces(patient: Patient): Promise<Finding> {
  const { playground, lookAtComponent, say, signal } = patient;
  const { jaegerUrl, settings, collectorMetricsUrl } = playground;
  if (jaegerUrl === undefined) return { evidence: ['nothing is traced (up --core)'] };
  const jaeger = await lookAtComponent('jaeger');
  if (jaeger.trouble) return jaeger;
  try {
    let spans = spansOf(await readSamples(collectorMetricsUrl));
    const first = spans;
    const look = async () => {
      spans = spansOf(await readSamples(collectorMetricsUrl));
      return spans.waiting === 0 || spans.sent > first.sent ? undefined : 'the collector to hand on spans';
    };
    await waitFor(look, { timeoutMs: HANDED_ON_WITHIN_MS, say, signal }).catch((error) => {
      if (!(error instanceof WaitedTooLong)) throw error;
    });
    const evidence = [
      `the collector got ${spans.got} spans, and handed ${spans.sent} to Jaeger`,
      `the ratio is ${settings.samplingRatio}`,
      `Jaeger ${(await knowsUs(jaegerUrl)) ? 'has' : 'has no'} traces of the ASEs`,
    ];
    if (spans.waiting === 0 || spans.sent > first.sent) return together([jaeger, { evidence }]);
    const why = 'the collector cannot hand its spans to Jaeger';
    const fix = `./playground logs --component collector,jaeger shows why; ${RESTART}`;
    return together([jaeger, { evidence, trouble: { why, fix } }]);
  } catch (error) {
    const why = `the way of the traces cannot be looked at: ${messageOf(error)}`;
    return together([jaeger, { evidence: [], trouble: { why, fix: RESTART } }]);
  }
}

interface Spans {
  got: number;
  sent: number;
  /** Bytes in the queue. */
  waiting: number;
}

function spansOf(samples: readonly TextSample[]): Spans {
  const sum = (name: string, matches: (labels: Record<string, string>) => boolean = () => true) =>
    samples
      .filter((sample) => sample.name.replace(/_total$/, '') === name && matches(sample.labels))
      .reduce((total, { value }) => total + Number(value), 0);
  return {
    got: sum('otelcol_receiver_accepted_spans'),
    sent: sum('otelcol_exporter_sent_spans'),
    waiting: sum('otelcol_exporter_queue_size', ({ data_type }) => data_type === 'traces'),
  };
}

async function knowsUs(jaegerUrl: string): Promise<boolean> {
  const { status, body } = await get(`${jaegerUrl}/api/services`, { timeoutMs: TIMEOUT_MS });
  if (status !== 200) throw new Error(`Jaeger answers ${status}`);
  const { data } = JSON.parse(body) as { data: string[] | null };
  return data?.includes(OPERATOR_SERVICE_NAME) ?? false;
}
