import path from 'node:path';
import type { ScrapeTarget } from '../../prometheus/command.ts';
import { USAGE_JOB } from '../../telemetry/usageCatalogue.ts';
import {
  type ComponentSpec,
  dataFolder,
  loopbackUrl,
  type NetworkPlan,
  nodeProgram,
  type Plan,
} from './component.ts';
import { LOOPBACK, type Settings } from './settings.ts';

/** So that the board has something soon; in real life it is minutes. Each ASE makes it shorter or longer by chance. */
const FIRST_DELAY_SECONDS = 1;

/** As often as the ASEs export: what counts on a board shows at once, and a rate has its two samples. */
const SCRAPE_EVERY_SECONDS = 1;

/** Where the usage backend is reached; undefined when there is none. */
export function usageUrl({ ports }: Settings, { core }: NetworkPlan): string | undefined {
  return core ? undefined : loopbackUrl(ports.USAGE_PORT);
}

/** The backend that takes the usage reports. */
export function usageComponents({ settings, programs, network }: Plan): ComponentSpec[] {
  const url = usageUrl(settings, network);
  if (url === undefined) return [];
  const port = settings.ports.USAGE_PORT;
  return [
    {
      name: 'usage',
      url,
      healthUrl: `${url}/health`,
      listens: [{ host: LOOPBACK, port }],
      command: nodeProgram(programs, 'apps/usage/src/main.ts', 24, {
        USAGE_HOST: LOOPBACK,
        USAGE_PORT: String(port),
        USAGE_DATA_FILE: path.join(dataFolder(settings, 'usage'), 'usage.sqlite'),
      }),
    },
  ];
}

/** Where Prometheus fetches the backend's numbers, which are on a board. */
export function usageScrapeTargets(settings: Settings, network: NetworkPlan): ScrapeTarget[] {
  if (network.core) return [];
  const address = `${LOOPBACK}:${settings.ports.USAGE_PORT}`;
  return [{ address, job: USAGE_JOB, instance: USAGE_JOB, everySeconds: SCRAPE_EVERY_SECONDS }];
}

/** Whether and whom an ASE tells that it is in use. */
export function usageEnvironment({ settings, network }: Plan): Record<string, string> {
  const url = usageUrl(settings, network);
  const { enabled, intervalSeconds } = settings.usageReport;
  return {
    USAGE_REPORT: String(enabled && url !== undefined),
    USAGE_REPORT_URL: url === undefined ? '' : `${url}/reports`,
    USAGE_REPORT_INTERVAL_SECONDS: String(intervalSeconds),
    USAGE_REPORT_FIRST_DELAY_SECONDS: String(FIRST_DELAY_SECONDS),
  };
}
