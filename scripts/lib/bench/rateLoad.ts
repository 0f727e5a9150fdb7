import { loadEnvironment, runK6 } from '../load/k6.ts';
import { type LoadReport, loadReport } from '../load/report.ts';
import type { Playground } from '../playground.ts';
import { END_ASES } from '../topology.ts';

/** Payments both ways at one pace, whether those before have ended or not; resolves to what k6 saw of them. */
export async function loadAtRate(
  { perSecond, seconds, seed }: { perSecond: number; seconds: number; seed: number },
  { k6, place, signal }: { k6: string; place: Playground; signal: AbortSignal },
): Promise<LoadReport> {
  const ases = END_ASES.map((name) => place.ases.find((ase) => ase.name === name)!);
  const summary = await runK6({
    k6,
    scenario: 'rate',
    environment: {
      ...loadEnvironment({ scenario: 'rate', seed, ases }),
      LOAD_RATE: String(perSecond),
      LOAD_SECONDS: String(seconds),
    },
    say() {},
    signal,
  });
  return loadReport(summary, []);
}
