import { aseUrl } from './aseComponents.ts';
import { loopbackUrl } from './component.ts';
import { VerbError } from './errors.ts';
import { observe } from './running.ts';
import { loadSettings, type Settings } from './settings.ts';
import { type RunState, readRunState, readSecrets } from './state.ts';
import { type Ase, topology } from './topology.ts';

/** A running playground, seen from a verb that works with it. */
export interface Playground {
  settings: Settings;
  run: RunState;
  ases: (Ase & { url: string })[];
  adminToken: string;
  prometheusUrl: string;
  /** What the collector says it forwarded. */
  collectorExportUrl: string;
  dashboardsUrl: string;
}

/** The running playground, or one clear line when there is none. */
export function requirePlayground(): Playground {
  const settings = loadSettings();
  const run = readRunState(settings.home);
  const secrets = readSecrets(settings.home);
  if (!run || !secrets || !run.components.some((component) => observe(component).process)) {
    throw new VerbError('nothing runs: ./playground up starts it');
  }
  return describePlayground(settings, run, secrets.adminToken);
}

/** Where everything of a playground is, from how it was started. */
export function describePlayground(settings: Settings, run: RunState, adminToken: string): Playground {
  const { ports } = settings;
  return {
    settings,
    run,
    ases: topology(run.hops).map((ase) => ({ ...ase, url: aseUrl(settings, ase.name) })),
    adminToken,
    prometheusUrl: loopbackUrl(ports.PROMETHEUS_PORT),
    collectorExportUrl: `${loopbackUrl(ports.COLLECTOR_EXPORT_PORT)}/metrics`,
    dashboardsUrl: loopbackUrl(ports.DASHBOARDS_PORT),
  };
}
