import { z } from 'zod';
import type { Heard } from '../../../apps/alert-sink/src/deliveries.ts';
import { firstLine, get } from '../http.ts';
import type { Playground } from '../playground.ts';

/** An alert as Prometheus sees it now. */
export interface ActiveAlert {
  name: string;
  severity: string;
  instance: string | null;
  since: string;
  summary: string;
  runbook: string;
  dashboard: string;
}

export interface AlertsReport {
  /** By severity, the worst first; the dead man's switch is left out. */
  firing: ActiveAlert[];
  /** The cause is there, but not for long enough. */
  pending: ActiveAlert[];
  /** What the sink kept, oldest first; null without Alertmanager. */
  deliveries: Heard['deliveries'] | null;
  /** When the dead man's switch was heard last; null without Alertmanager. */
  heartbeat: { ageSeconds: number | null; ok: boolean } | null;
}

/** It is told every 10 to 20 s: many times that is silence. */
export const HEARTBEAT_LATE_SECONDS = 120;
const TIMEOUT_MS = 5000;
const ORDER = ['critical', 'high', 'warning'];

const TEXTS = z.record(z.string(), z.string());
const ANSWER = z.object({
  data: z.object({
    alerts: z.array(
      z.object({
        state: z.enum(['firing', 'pending']),
        labels: TEXTS,
        annotations: TEXTS,
        activeAt: z.string(),
      }),
    ),
  }),
});

/** What fires now, by Prometheus, and what was delivered, by the sink. */
export async function readAlerts({
  prometheusUrl,
  alerting,
}: Pick<Playground, 'prometheusUrl' | 'alerting'>): Promise<AlertsReport> {
  const [active, heard] = await Promise.all([
    ask(`${prometheusUrl}/api/v1/alerts`, 'Prometheus').then((answer) => ANSWER.parse(answer).data.alerts),
    alerting && (ask(`${alerting.sinkUrl}/deliveries`, 'the sink of alerts') as Promise<Heard>),
  ]);
  const inState = (wanted: 'firing' | 'pending') =>
    active
      .filter(({ state, labels }) => state === wanted && labels.severity !== 'heartbeat')
      .map(({ labels, annotations, activeAt }) => ({
        name: labels.alertname ?? '',
        severity: labels.severity ?? '',
        instance: labels.instance ?? null,
        since: activeAt,
        summary: annotations.summary ?? '',
        runbook: annotations.runbook ?? '',
        dashboard: annotations.dashboard ?? '',
      }))
      .sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  return {
    firing: inState('firing'),
    pending: inState('pending'),
    deliveries: heard?.deliveries ?? null,
    heartbeat: heard && heartbeatOf(heard),
  };
}

function heartbeatOf({ heartbeatAtMs }: Heard): { ageSeconds: number | null; ok: boolean } {
  if (heartbeatAtMs === null) return { ageSeconds: null, ok: false };
  const ageSeconds = Math.max(0, Math.round((Date.now() - heartbeatAtMs) / 1000));
  return { ageSeconds, ok: ageSeconds <= HEARTBEAT_LATE_SECONDS };
}

async function ask(url: string, who: string): Promise<unknown> {
  const { status, body } = await get(url, { timeoutMs: TIMEOUT_MS });
  if (status !== 200) throw new Error(`${who} answers ${status}: ${firstLine(body)}`);
  return JSON.parse(body);
}
