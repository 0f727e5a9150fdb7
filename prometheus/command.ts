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
    // `increase(x[1h] anchored)` counts what happened; plain `increase` extrapolates.
    '--enable-feature=promql-extended-range-selectors',
    // No page of the web reads it through somebody's browser.
    '--web.cors.origin=https?://(127\\.0\\.0\\.1|localhost)(:[0-9]+)?',
    '--log.format=json',
  ];
}

/** How Go shall use memory. */
export function prometheusEnvironment() {
  return { GOMEMLIMIT: '120MiB' };
}

/**
 * Makes the folder that `configFile` of an embedded Prometheus is in: a link to the one configuration, and
 * beside it the targets, where its relative path `targets/*.json` leads. Returns the configuration's path there.
 */
export async function writePrometheusFolder(
  folder: string,
  targets: readonly ScrapeTarget[],
): Promise<string> {
  await mkdir(path.join(folder, 'targets'), { recursive: true });
  const configFile = path.join(folder, 'prometheus.yml');
  await rm(configFile, { force: true });
  await symlink(PROMETHEUS_CONFIG, configFile);
  const groups = targets.map(({ address, job, instance }) => ({
    targets: [address],
    labels: { job, instance },
  }));
  // Renamed into place: Prometheus watches the folder and must never read half a file.
  const targetsFile = path.join(folder, 'targets/playground.json');
  await writeFile(`${targetsFile}.tmp`, `${JSON.stringify(groups, null, 2)}\n`);
  await rename(`${targetsFile}.tmp`, targetsFile);
  return configFile;
}
