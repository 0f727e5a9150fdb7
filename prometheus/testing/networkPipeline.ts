import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { networkCollectorArguments, networkCollectorEnvironment, REPLICAS } from '../../collector/command.ts';
import type { NetworkName } from '../../telemetry/networkCatalogue.ts';
import { prometheusArguments, prometheusEnvironment, writePrometheusFolder } from '../command.ts';
import { freePorts, Program } from './program.ts';

const HOST = '127.0.0.1';
const BALANCER = path.join(import.meta.dirname, '../../apps/balancer/src/main.ts');

/** One network's collectors behind their balancer, and a Prometheus, all for real. */
export interface NetworkPipeline {
  replicas: NetworkReplica[];
  prometheus: Program;
  prometheusUrl: string;
  /** Where senders send to. */
  balancerUrl: string;
  /** JSON: what the balancer says about its replicas. */
  balancerHealthUrl: string;
  stop(): Promise<void>;
}

export interface NetworkReplica {
  program: Program;
  otlpUrl: string;
  exportedUrl: string;
  metricsUrl: string;
}

export async function startNetworkPipeline(
  programs: { otelcol: string; prometheus: string },
  network: NetworkName,
  sources = '.+',
): Promise<NetworkPipeline> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ilp-network-'));
  const ports = await freePorts(3 + 4 * REPLICAS.length);
  const [prometheusPort, balancerPort, balancerHealthPort] = ports.splice(0, 3) as [number, number, number];
  const prometheusUrl = `http://${HOST}:${prometheusPort}`;
  const places = REPLICAS.map(() => {
    const [otlp, metrics, exported, health] = ports.splice(0, 4) as [number, number, number, number];
    return { otlp, metrics, exported, health };
  });
  const replicas = places.map(
    (place): NetworkReplica => ({
      program: new Program({
        program: programs.otelcol,
        args: networkCollectorArguments(network),
        env: networkCollectorEnvironment({ host: HOST, ports: place, sources, prometheusUrl }),
        healthUrl: `http://${HOST}:${place.health}/`,
      }),
      otlpUrl: `http://${HOST}:${place.otlp}`,
      exportedUrl: `http://${HOST}:${place.exported}/metrics`,
      metricsUrl: `http://${HOST}:${place.metrics}/metrics`,
    }),
  );
  const balancer = new Program({
    program: process.execPath,
    args: [BALANCER],
    env: {
      BALANCER_NAME: `${network}-balancer`,
      BALANCER_PORT: String(balancerPort),
      BALANCER_HEALTH_PORT: String(balancerHealthPort),
      BALANCER_REPLICAS: places
        .map(({ otlp, health }, i) => `${network}-${REPLICAS[i]}=${HOST}:${otlp}/${health}`)
        .join(','),
    },
    healthUrl: `http://${HOST}:${balancerHealthPort}/`,
  });
  const prometheus = new Program({
    program: programs.prometheus,
    args: prometheusArguments({
      configFile: await writePrometheusFolder(path.join(folder, 'config'), { targets: [] }),
      dataDir: path.join(folder, 'prometheus'),
      listenAddress: `${HOST}:${prometheusPort}`,
    }),
    env: prometheusEnvironment(),
    healthUrl: `${prometheusUrl}/-/ready`,
  });
  const all = [...replicas.map(({ program }) => program), balancer, prometheus];
  const stop = async () => {
    await Promise.all(all.map((program) => program.kill()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all(all.map((program) => program.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    replicas,
    prometheus,
    prometheusUrl,
    balancerUrl: `http://${HOST}:${balancerPort}`,
    balancerHealthUrl: `http://${HOST}:${balancerHealthPort}/`,
    stop,
  };
}
