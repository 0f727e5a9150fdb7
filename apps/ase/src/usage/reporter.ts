import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { UsageReport } from '../../../../telemetry/usageReport.ts';
import { createBoundedClient } from '../boundedClient.ts';
import type { Ledger } from '../ledger/types.ts';
import {
  ensureInstallation,
  forgetInstallation,
  type Installation,
  noteSent,
  readInstallation,
} from './installation.ts';
import { buildUsageReport, type UsageFacts } from './report.ts';
import type { UsageSettings } from './settings.ts';

/** Tells a usage backend now and then that this installation is in use. */
export interface UsageReporter {
  /** Plans the first report; resolves at once, whether a backend is there or not. */
  start(): Promise<void>;
  stop(): Promise<void>;
  preview(): UsagePreview;
}

/** What would be sent, to whom and when; nothing is sent by asking. */
export interface UsagePreview {
  enabled: boolean;
  /** Why nothing is sent; null when something is. */
  why: string | null;
  url: string | null;
  intervalSeconds: number | null;
  nextAt: string | null;
  /** What became of the newest report of this process. */
  last: { at: string; outcome: 'sent' | 'lost'; detail: string } | null;
  /** To the letter. While reports are off: what it would be if they were on, under an id that is made for it alone. */
  report: UsageReport;
}

export interface UsageReporterOptions {
  settings: UsageSettings;
  ledger: Pick<Ledger, 'read' | 'commit' | 'totals'>;
  facts: Pick<UsageFacts, 'version' | 'platform' | 'peers'>;
  log: Pick<Logger, 'info'>;
  nowMs?: () => number;
  /** Monotonic: of the process, since its start. */
  uptimeMs?: () => number;
  random?: () => number;
}

const TIMEOUT_MS = 5_000;
const MAX_ANSWER_BYTES = 4_096;
/** Timers do not go on while a machine sleeps, and clocks are set: so it looks at the clock now and then. */
const LOOK_MS = 60_000;
/** Installations that were started together must not report together: half to one and a half times the first delay … */
const FIRST_JITTER = 0.5;
/** … and up to a twentieth later each time. */
const JITTER = 0.05;

export function createUsageReporter(options: UsageReporterOptions): UsageReporter {
  const { settings, ledger, facts, log, nowMs = Date.now, random = Math.random } = options;
  const uptimeMs = options.uptimeMs ?? (() => performance.now());
  let nextAtMs: number | undefined;
  let last: UsagePreview['last'] = null;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let client: ReturnType<typeof createBoundedClient> | undefined;

  const reportOf = (installationId: string) =>
    buildUsageReport({ ...facts, installationId, uptimeMs: uptimeMs(), totals: ledger.totals() });

  function plan(): void {
    if (stopped || nextAtMs === undefined) return;
    timer = setTimeout(look, Math.max(1, Math.min(LOOK_MS, nextAtMs - nowMs())));
    timer.unref();
  }

  function look(): void {
    if (nextAtMs !== undefined && nowMs() < nextAtMs) plan();
    // A report that is lost is not tried again: the next one has all that it had.
    else void sendOne().finally(plan);
  }

  async function sendOne(): Promise<void> {
    if (!settings.enabled) return;
    nextAtMs = nowMs() + settings.intervalMs * (1 + JITTER * random());
    const before = last?.outcome;
    try {
      const { id } = readInstallation(ledger) ?? (await ensureInstallation(ledger));
      await send(settings.url, reportOf(id));
      await noteSent(ledger, nowMs());
      last = { at: new Date(nowMs()).toISOString(), outcome: 'sent', detail: settings.url };
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      last = { at: new Date(nowMs()).toISOString(), outcome: 'lost', detail };
      // Once, and not as a warning: nothing of the ASE's own suffers.
      if (before !== 'lost' && !stopped) log.info({ reason: detail }, 'A usage report was lost');
    }
  }

  async function send(url: string, body: object): Promise<void> {
    client ??= createBoundedClient({ timeoutMs: TIMEOUT_MS, maxBytes: MAX_ANSWER_BYTES });
    const { status } = await client.post(url, body);
    if (status < 200 || status > 299) throw new Error(`${url} answers ${status}`);
  }

  return {
    async start() {
      if (!settings.enabled) {
        await forgetInstallation(ledger);
        return;
      }
      const { lastSentMs } = await ensureInstallation(ledger);
      if (stopped) return;
      const now = nowMs();
      const soonest = now + settings.firstDelayMs * (1 - FIRST_JITTER + 2 * FIRST_JITTER * random());
      // A time in the future is of a clock that has been set since.
      const due = lastSentMs > now ? now : lastSentMs + settings.intervalMs;
      nextAtMs = Math.max(soonest, due);
      plan();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await client?.close();
    },
    preview() {
      const known: Installation | undefined = settings.enabled ? readInstallation(ledger) : undefined;
      return {
        enabled: settings.enabled,
        why: settings.enabled ? null : settings.why,
        url: settings.enabled ? settings.url : null,
        intervalSeconds: settings.enabled ? settings.intervalMs / 1000 : null,
        nextAt: nextAtMs === undefined ? null : new Date(nextAtMs).toISOString(),
        last,
        report: reportOf(known?.id ?? randomUUID()),
      };
    },
  };
}
