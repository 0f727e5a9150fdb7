import { z } from 'zod';

/** What Alertmanager delivered at once: the alerts of one group. */
export interface Delivery {
  receivedAtMs: number;
  receiver: string;
  status: 'firing' | 'resolved';
  alerts: DeliveredAlert[];
}

export interface DeliveredAlert {
  name: string;
  severity: string;
  instance: string | null;
  status: 'firing' | 'resolved';
  summary: string;
  runbook: string;
  dashboard: string;
  startsAt: string;
  /** null while it fires. */
  endsAt: string | null;
}

/** What the sink has heard; `heartbeatAtMs` is null before the first one. */
export interface Heard {
  deliveries: Delivery[];
  received: number;
  refused: number;
  heartbeatAtMs: number | null;
}

/** Bounds on what is kept, whoever sends what. */
const MAX_ALERTS = 64;
const MAX_TEXT = 500;

const TEXT = z.string().transform((text) => text.slice(0, MAX_TEXT));
const TEXTS = z.record(z.string(), TEXT);
const STATUS = z.enum(['firing', 'resolved']);
/** Version 4 of Alertmanager's webhook; what is not needed is dropped. */
const MESSAGE = z.object({
  version: z.literal('4'),
  receiver: TEXT,
  status: STATUS,
  alerts: z
    .array(
      z.object({
        status: STATUS,
        labels: TEXTS,
        annotations: TEXTS,
        startsAt: z.iso.datetime({ offset: true }),
        endsAt: z.iso.datetime({ offset: true }),
      }),
    )
    .min(1)
    .max(MAX_ALERTS),
});

/** Keeps the last `capacity` deliveries. Heartbeats are only remembered as such: they would drive all else out. */
export function createDeliveries(capacity: number) {
  const kept: Delivery[] = [];
  let received = 0;
  let refused = 0;
  let heartbeatAtMs: number | null = null;
  return {
    /** @returns what is wrong with a message, in words; undefined when it was taken */
    take(message: unknown, nowMs: number): string | undefined {
      const { data, error } = MESSAGE.safeParse(message);
      if (!data) {
        refused += 1;
        const issue = error.issues[0]!;
        return `${issue.path.join('.') || 'message'}: ${issue.message}`;
      }
      received += 1;
      if (data.alerts.every(({ labels }) => labels.severity === 'heartbeat')) {
        heartbeatAtMs = nowMs;
        return undefined;
      }
      const alerts = data.alerts.map(({ status, labels, annotations, startsAt, endsAt }) => ({
        name: labels.alertname ?? '',
        severity: labels.severity ?? '',
        instance: labels.instance ?? null,
        status,
        summary: annotations.summary ?? '',
        runbook: annotations.runbook ?? '',
        dashboard: annotations.dashboard ?? '',
        startsAt,
        endsAt: status === 'firing' ? null : endsAt,
      }));
      kept.push({ receivedAtMs: nowMs, receiver: data.receiver, status: data.status, alerts });
      if (kept.length > capacity) kept.shift();
      return undefined;
    },
    refuse() {
      refused += 1;
    },
    heard: (): Heard => ({ deliveries: [...kept], received, refused, heartbeatAtMs }),
  };
}

export type Deliveries = ReturnType<typeof createDeliveries>;
