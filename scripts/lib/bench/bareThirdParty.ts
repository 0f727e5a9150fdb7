import path from 'node:path';
import { writePrometheusFolder } from '../../../prometheus/command.ts';
import type { ComponentName, ComponentSpec, NetworkPlan, Plan, Programs } from '../component.ts';
import { componentsOf, scrapeTargets } from '../components.ts';
import { probe } from '../http.ts';
import { LOOPBACK, type Settings } from '../settings.ts';
import { startComponents } from '../start.ts';
import type { RunningComponent, RunState } from '../state.ts';
import { waitFor } from '../wait.ts';

const HEALTHY_WITHIN_MS = 30_000;

/** What of the playground's third-party programs is started; left out: the collector and Prometheus, without rules. */
interface Wanted {
  names?: readonly ComponentName[];
  network?: NetworkPlan;
  /** The text of Prometheus' rules file. */
  rules?: string;
  /** Changes how a component is started. */
  change?: (spec: ComponentSpec) => ComponentSpec;
}

/**
 * Starts the collector and Prometheus as `up` does, with the same configurations and nobody to talk to, and
 * resolves when all are healthy. They are in the state folder's run.json, so `down` ends them.
 */
export async function startBareThirdParty(
  settings: Settings,
  programs: Programs,
  context: { say: (line: string) => void; signal: AbortSignal },
  {
    names = ['collector', 'prometheus'],
    network = { core: true, livenet: [] },
    rules,
    change = (spec) => spec,
  }: Wanted = {},
): Promise<RunningComponent[]> {
  const plan: Plan = {
    settings,
    programs,
    prometheusConfig: await writePrometheusFolder(path.join(settings.home, 'prometheus'), {
      targets: scrapeTargets(settings, network),
      ...(rules !== undefined && { rules }),
    }),
    hops: 1,
    network: { ...network, livenet: [...network.livenet] },
    traffic: false,
    pull: false,
    dashboards: 'viewer',
    host: LOOPBACK,
  };
  const run: RunState = {
    mode: 'embedded',
    hops: 1,
    network: { ...network, livenet: [...network.livenet] },
    pull: false,
    dashboards: 'viewer',
    host: LOOPBACK,
    portOffset: settings.portOffset,
    startedAt: new Date().toISOString(),
    components: [],
  };
  const specs = componentsOf(plan)
    .filter(({ name }) => names.includes(name))
    .map(change);
  const started = await startComponents(plan, run, specs);
  const look = async () => {
    const healths = await Promise.all(specs.map(({ healthUrl }) => probe(healthUrl!, 1000)));
    const missing = specs.filter((_, i) => !healths[i]!.healthy);
    return missing.length === 0 ? undefined : missing.map(({ name }) => name).join(', ');
  };
  await waitFor(look, { timeoutMs: HEALTHY_WITHIN_MS, pollMs: 5, ...context });
  return started;
}
