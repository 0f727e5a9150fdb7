import path from 'node:path';

/** The configuration file of the operator's collector. */
export const OPERATOR_CONFIG = path.join(import.meta.dirname, 'operator.yaml');

export interface CollectorPlace {
  /** The address that everything of it listens on. */
  host: string;
  ports: {
    COLLECTOR_OTLP_GRPC_PORT: number;
    COLLECTOR_OTLP_HTTP_PORT: number;
    COLLECTOR_METRICS_PORT: number;
    COLLECTOR_EXPORT_PORT: number;
    COLLECTOR_HEALTH_PORT: number;
  };
  /** Holds the queue; absolute. */
  dataDir: string;
  /** Where it sends to, without a slash at the end. */
  prometheusUrl: string;
}

export function collectorArguments(): string[] {
  return ['--config', OPERATOR_CONFIG];
}

/** What `operator.yaml` reads, and how Go shall use memory. */
export function collectorEnvironment({ host, ports, dataDir, prometheusUrl }: CollectorPlace) {
  return {
    COLLECTOR_HOST: host,
    COLLECTOR_OTLP_GRPC_PORT: String(ports.COLLECTOR_OTLP_GRPC_PORT),
    COLLECTOR_OTLP_HTTP_PORT: String(ports.COLLECTOR_OTLP_HTTP_PORT),
    COLLECTOR_METRICS_PORT: String(ports.COLLECTOR_METRICS_PORT),
    COLLECTOR_EXPORT_PORT: String(ports.COLLECTOR_EXPORT_PORT),
    COLLECTOR_HEALTH_PORT: String(ports.COLLECTOR_HEALTH_PORT),
    COLLECTOR_DATA_DIR: dataDir,
    PROMETHEUS_URL: prometheusUrl,
    GOMEMLIMIT: '80MiB',
  };
}
