import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { collectorArguments, collectorEnvironment } from '../../collector/command.ts';
import { prometheusArguments, prometheusEnvironment, writePrometheusFolder } from '../command.ts';
import { freePorts, Program } from './program.ts';

const HOST = '127.0.0.1';

/** A real collector and a real Prometheus with the playground's own configuration, in a folder of their own. */
export interface Pipeline {
  collector: Program;
  prometheus: Program;
  otlpEndpoint: string;
  prometheusUrl: string;
  /** Where the collector shows what it forwarded. */
  exportedUrl: string;
  stop(): Promise<void>;
}

export async function startPipeline(programs: { otelcol: string; prometheus: string }): Promise<Pipeline> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ilp-pipeline-'));
  const [grpc, http, metrics, exported, health, prometheusPort] = (await freePorts(6)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const prometheusUrl = `http://${HOST}:${prometheusPort}`;
  const configFile = await writePrometheusFolder(path.join(folder, 'config'), {
    targets: [
      { address: `${HOST}:${metrics}`, job: 'collector', instance: 'operator' },
      { address: `${HOST}:${prometheusPort}`, job: 'prometheus', instance: 'prometheus' },
    ],
  });
  const collector = new Program({
    program: programs.otelcol,
    args: collectorArguments(),
    env: collectorEnvironment({
      host: HOST,
      ports: {
        COLLECTOR_OTLP_GRPC_PORT: grpc,
        COLLECTOR_OTLP_HTTP_PORT: http,
        COLLECTOR_METRICS_PORT: metrics,
        COLLECTOR_EXPORT_PORT: exported,
        COLLECTOR_HEALTH_PORT: health,
      },
      dataDir: path.join(folder, 'collector'),
      prometheusUrl,
      // Nobody there: these tests send no traces.
      jaegerOtlpUrl: `http://${HOST}:1`,
    }),
    healthUrl: `http://${HOST}:${health}/`,
  });
  const prometheus = new Program({
    program: programs.prometheus,
    args: prometheusArguments({
      configFile,
      dataDir: path.join(folder, 'prometheus'),
      listenAddress: `${HOST}:${prometheusPort}`,
    }),
    env: prometheusEnvironment(),
    healthUrl: `${prometheusUrl}/-/ready`,
  });
  const stop = async () => {
    await Promise.all([collector.kill(), prometheus.kill()]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all([collector.start(), prometheus.start()]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    collector,
    prometheus,
    otlpEndpoint: `http://${HOST}:${grpc}`,
    prometheusUrl,
    exportedUrl: `http://${HOST}:${exported}/metrics`,
    stop,
  };
}
