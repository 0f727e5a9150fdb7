import path from 'node:path';
import { writePrometheusFolder } from '../../../prometheus/command.ts';
import type { Plan, Programs } from '../component.ts';
import { componentsOf, scrapeTargets } from '../components.ts';
import { probe } from '../http.ts';
import { LOOPBACK, type Settings } from '../settings.ts';
import { startComponents } from '../start.ts';
import type { RunningComponent, RunState } from '../state.ts';
import { waitFor } from '../wait.ts';

const HEALTHY_WITHIN_MS = 30_000;

/**
 * Starts the collector and Prometheus as `up` does, with the same configurations and nobody to talk to, and
 * resolves when both are healthy. They are in the state folder's run.json, so `down` ends them.
 */
export async function startBareThirdParty(
  settings: Settings,
  programs: Programs,
  context: { say: (line: string) => void; signal: AbortSignal },
): Promise<RunningComponent[]> {
  const network = { core: true, livenet: [] };
  const plan: Plan = {
    settings,
    programs,
    prometheusConfig: await writePrometheusFolder(path.join(settings.home, 'prometheus'), {
      targets: scrapeTargets(settings, network),
    }),
    hops: 1,
    network,
    traffic: false,
    pull: false,
    dashboards: 'viewer',
    host: LOOPBACK,
  };
  const run: RunState = {
    mode: 'embedded',
    hops: 1,
    network,
    pull: false,
    dashboards: 'viewer',
    host: LOOPBACK,
    portOffset: settings.portOffset,
    startedAt: new Date().toISOString(),
    components: [],
  };
  const specs = componentsOf(plan).filter(({ name }) => name === 'collector' || name === 'prometheus');
  const started = await startComponents(plan, run, specs);
  const look = async () => {
    const healths = await Promise.all(specs.map(({ healthUrl }) => probe(healthUrl!, 1000)));
    const missing = specs.filter((_, i) => !healths[i]!.healthy);
    return missing.length === 0 ? undefined : missing.map(({ name }) => name).join(', ');
  };
  await waitFor(look, { timeoutMs: HEALTHY_WITHIN_MS, pollMs: 5, ...context });
  return started;
}
