/** Whether one dependency can be used now, and how long the look took. */
interface Dependency {
  ok: boolean;
  latencyMs: number;
  detail?: string;
}

export interface Readiness {
  ready: boolean;
  dependencies: Record<string, Dependency>;
}

/** Looks at a dependency. Resolves (with a detail, if there is one to tell) when it can be used, else rejects. */
export type Check = () => Promise<string | undefined>;

/** Probes cost next to nothing, and whoever waits for a start does not wait for an answer from before. */
const KEPT_MS = { ready: 1_000, notReady: 50 };
const BOUND_MS = 2_000;

/** All checks at once, each bounded; the result is kept for a moment, a bad one for a short one. */
export function createReadiness(
  checks: Record<string, Check>,
  nowMs: () => number = () => performance.now(),
): () => Promise<Readiness> {
  let kept: { readiness: Promise<Readiness>; untilMs: number } | undefined;

  async function look(): Promise<Readiness> {
    const entries = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await runCheck(check)] as const),
    );
    const ready = entries.every(([, { ok }]) => ok);
    if (kept) kept.untilMs = nowMs() + (ready ? KEPT_MS.ready : KEPT_MS.notReady);
    return { ready, dependencies: Object.fromEntries(entries) };
  }

  return () => {
    // All who ask during a look share it.
    if (!kept || nowMs() > kept.untilMs) kept = { readiness: look(), untilMs: Number.POSITIVE_INFINITY };
    return kept.readiness;
  };
}

async function runCheck(check: Check): Promise<Dependency> {
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
  return { ok: outcome.ok, latencyMs, ...(outcome.detail !== undefined && { detail: outcome.detail }) };
}

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
