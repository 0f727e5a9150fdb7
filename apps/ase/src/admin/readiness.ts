import { once } from 'node:events';
import { connect } from 'node:net';

/** Whether one dependency can be used now, and how long the look took. */
interface Dependency {
  ok: boolean;
  /** Payments cannot be made without it; without the others, only what tells about them is away. */
  required: boolean;
  latencyMs: number;
  detail?: string;
}

export interface Readiness {
  /** Whether all that is required can be used. */
  ready: boolean;
  /** When the look began. */
  lookedAt: string;
  dependencies: Record<string, Dependency>;
}

export interface ReadinessWatch {
  /** Looks at all dependencies, or shares a look that is a moment old. */
  look(): Promise<Readiness>;
  /** What the newest look that has ended found, without waiting; when it is old, another one begins. */
  known(): Readiness | undefined;
}

/** Looks at a dependency. Resolves (with a detail, if there is one to tell) when it can be used, else rejects. */
export type Check = () => Promise<string | undefined>;

/** Probes cost next to nothing, and whoever waits for a start does not wait for an answer from before. */
const KEPT_MS = { ready: 1_000, notReady: 50 };
/** `known` is not older than this while somebody asks now and then. */
const KNOWN_MS = 5_000;
const BOUND_MS = 2_000;

/** All checks at once, each bounded; the result is kept for a moment, a bad one for a short one. */
export function createReadiness(
  checks: { required: Record<string, Check>; besides?: Record<string, Check> },
  nowMs: () => number = () => performance.now(),
): ReadinessWatch {
  const all = [
    ...Object.entries(checks.required).map(([name, check]) => ({ name, check, required: true })),
    ...Object.entries(checks.besides ?? {}).map(([name, check]) => ({ name, check, required: false })),
  ];
  let kept: { readiness: Promise<Readiness>; untilMs: number } | undefined;
  let known: Readiness | undefined;
  let begunAtMs = Number.NEGATIVE_INFINITY;

  async function lookAnew(): Promise<Readiness> {
    begunAtMs = nowMs();
    const lookedAt = new Date().toISOString();
    const entries = await Promise.all(
      all.map(async ({ name, check, required }) => [name, await runCheck(check, required)] as const),
    );
    const ready = entries.every(([, { ok, required }]) => ok || !required);
    if (kept) kept.untilMs = nowMs() + (ready ? KEPT_MS.ready : KEPT_MS.notReady);
    known = { ready, lookedAt, dependencies: Object.fromEntries(entries) };
    return known;
  }

  function look(): Promise<Readiness> {
    // All who ask during a look share it.
    if (!kept || nowMs() > kept.untilMs) kept = { readiness: lookAnew(), untilMs: Number.POSITIVE_INFINITY };
    return kept.readiness;
  }

  return {
    look,
    known() {
      // Two ASEs whose looks ask each other's /health come to an end: the first has begun a look already.
      if (nowMs() - begunAtMs > KNOWN_MS) void look();
      return known;
    },
  };
}

async function runCheck(check: Check, required: boolean): Promise<Dependency> {
  const startedAtMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${BOUND_MS} ms`)), BOUND_MS);
  });
  const outcome = await Promise.race([check(), bound]).then(
    (detail) => ({ ok: true, detail }),
    (error: unknown) => ({ ok: false, detail: error instanceof Error ? error.message : String(error) }),
  );
  clearTimeout(timer);
  const latencyMs = Math.round((performance.now() - startedAtMs) * 10) / 10;
  return {
    ok: outcome.ok,
    required,
    latencyMs,
    ...(outcome.detail !== undefined && { detail: outcome.detail }),
  };
}

/** The check of a program that speaks something else: it must take a connection. `trouble` may know better. */
export const connectCheck =
  (url: string, trouble: () => string | undefined = () => undefined): Check =>
  async () => {
    const { hostname, port, protocol } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) });
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(BOUND_MS) });
    } finally {
      socket.destroy();
    }
    const why = trouble();
    if (why !== undefined) throw new Error(why);
    return undefined;
  };

/** The check of another program over HTTP: its /health must answer 200. */
export const httpCheck =
  (url: string): Check =>
  async () => {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(BOUND_MS) }).catch(
      (error: unknown) => {
        // undici hides the reason in the cause.
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
        throw new Error(cause instanceof Error && cause.message ? cause.message : 'does not answer');
      },
    );
    await response.body?.cancel();
    if (!response.ok) throw new Error(`answers with status ${response.status}`);
    return undefined;
  };
