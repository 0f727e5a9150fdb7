import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The configuration file that every run mode uses. */
export const PROMETHEUS_CONFIG = path.join(import.meta.dirname, 'prometheus.yml');

export interface PrometheusPlace {
  configFile: string;
  dataDir: string;
  /** host:port */
  listenAddress: string;
}

/** A program whose own metrics Prometheus fetches. */
export interface ScrapeTarget {
  /** host:port */
  address: string;
  job: string;
  instance: string;
  /** How often; as prometheus.yml says when left out. */
  everySeconds?: number;
}

/** Compose gives the same ones: docs/decisions/prometheus-targets.md. */
export function prometheusArguments({ configFile, dataDir, listenAddress }: PrometheusPlace): string[] {
  return [
    `--config.file=${configFile}`,
    `--storage.tsdb.path=${dataDir}`,
    `--web.listen-address=${listenAddress}`,
    '--web.enable-otlp-receiver',
    // For the network collectors.
    '--web.enable-remote-write-receiver',
    // `increase(x[1h] anchored)` counts what happened; plain `increase` extrapolates. Exemplars lead to traces.
    '--enable-feature=promql-extended-range-selectors,exemplar-storage',
    // No page of the web reads it through somebody's browser.
    '--web.cors.origin=https?://(127\\.0\\.0\\.1|localhost)(:[0-9]+)?',
    // An Alertmanager that was away hears of everything soon; and the dead man's switch falls silent soon after Prometheus.
    '--rules.alert.resend-delay=15s',
    // A hidden flag: from the start to the first look at any target it waits as long, which are 5 s unless said otherwise.
    '--scrape.discovery-reload-interval=1s',
    '--log.format=json',
  ];
}

/** How Go shall use memory. */
export function prometheusEnvironment() {
  return { GOMEMLIMIT: '120MiB' };
}

/** All that an embedded Prometheus finds beside its configuration. */
export interface PrometheusFolder {
  targets: readonly ScrapeTarget[];
  /** The ASEs, of which only is looked whether they answer. */
  connectors?: readonly ScrapeTarget[];
  /** host:port; none with `up --core`. */
  alertmanager?: string | undefined;
  /** The rules file's text. */
  rules?: string;
}

/**
 * Makes the folder that `configFile` of an embedded Prometheus is in: a link to the one configuration, and
 * beside it targets, Alertmanager and rules, where its relative paths lead. Returns the configuration's path there.
 */
export async function writePrometheusFolder(
  folder: string,
  { targets, connectors = [], alertmanager, rules }: PrometheusFolder,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const configFile = path.join(folder, 'prometheus.yml');
  await rm(configFile, { force: true });
  await symlink(PROMETHEUS_CONFIG, configFile);
  await write(folder, 'targets/playground.json', staticTargets(targets));
  await write(folder, 'connectors/playground.json', staticTargets(connectors));
  const alertmanagers = alertmanager === undefined ? [] : [{ targets: [alertmanager] }];
  await write(folder, 'alertmanagers/playground.json', json(alertmanagers));
  await write(folder, 'rules/playground.yml', rules ?? '');
  return configFile;
}

function staticTargets(targets: readonly ScrapeTarget[]): string {
  return json(
    targets.map(({ address, job, instance, everySeconds }) => ({
      targets: [address],
      labels: { job, instance, ...(everySeconds !== undefined && pace(everySeconds)) },
    })),
  );
}

/** A look may not take longer than until the next one. */
function pace(seconds: number): Record<string, string> {
  return { __scrape_interval__: `${seconds}s`, __scrape_timeout__: `${seconds}s` };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Renamed into place: Prometheus watches the folder and must never read half a file. */
async function write(folder: string, name: string, text: string): Promise<void> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.tmp`, text);
  await rename(`${file}.tmp`, file);
}
