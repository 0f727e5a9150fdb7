import path from 'node:path';
import type { NetworkName } from '../telemetry/networkCatalogue.ts';

/** The configuration file of the operator's collector. */
export const OPERATOR_CONFIG = path.join(import.meta.dirname, 'operator.yaml');
/** Those of a network's collectors: what all networks have in common, then what this one adds. */
export const NETWORK_CONFIGS: Record<NetworkName, readonly [string, string]> = {
  testnet: [path.join(import.meta.dirname, 'network.yaml'), path.join(import.meta.dirname, 'testnet.yaml')],
  livenet: [path.join(import.meta.dirname, 'network.yaml'), path.join(import.meta.dirname, 'livenet.yaml')],
};

/** Each network's collectors: every one can be lost without losing a number. */
export const REPLICAS = [1, 2] as const;

interface Place {
  /** The address that everything of it listens on. */
  host: string;
  /** Where it sends to, without a slash at the end. */
  prometheusUrl: string;
}

export interface CollectorPlace extends Place {
  ports: {
    COLLECTOR_OTLP_GRPC_PORT: number;
    COLLECTOR_OTLP_HTTP_PORT: number;
    COLLECTOR_METRICS_PORT: number;
    COLLECTOR_EXPORT_PORT: number;
    COLLECTOR_HEALTH_PORT: number;
  };
  /** Holds the queue; absolute. */
  dataDir: string;
  /** Where traces go. */
  jaegerOtlpUrl: string;
}

export interface NetworkCollectorPlace extends Place {
  ports: {
    /** OTLP over gRPC, for the balancer. */
    otlp: number;
    /** Metrics of the collector itself. */
    metrics: number;
    /** What it has passed on. */
    exported: number;
    health: number;
  };
  /** The pattern of the senders that are listened to. */
  sources: string;
}

export function collectorArguments(): string[] {
  return ['--config', OPERATOR_CONFIG];
}

export function networkCollectorArguments(network: NetworkName): string[] {
  return NETWORK_CONFIGS[network].flatMap((file) => ['--config', file]);
}

/** What `operator.yaml` reads, and how Go shall use memory. */
export function collectorEnvironment(place: CollectorPlace) {
  const { host, ports, dataDir, prometheusUrl, jaegerOtlpUrl } = place;
  return {
    COLLECTOR_HOST: host,
    COLLECTOR_OTLP_GRPC_PORT: String(ports.COLLECTOR_OTLP_GRPC_PORT),
    COLLECTOR_OTLP_HTTP_PORT: String(ports.COLLECTOR_OTLP_HTTP_PORT),
    COLLECTOR_METRICS_PORT: String(ports.COLLECTOR_METRICS_PORT),
    COLLECTOR_EXPORT_PORT: String(ports.COLLECTOR_EXPORT_PORT),
    COLLECTOR_HEALTH_PORT: String(ports.COLLECTOR_HEALTH_PORT),
    COLLECTOR_DATA_DIR: dataDir,
    PROMETHEUS_URL: prometheusUrl,
    JAEGER_OTLP_URL: jaegerOtlpUrl,
    GOMEMLIMIT: '64MiB',
  };
}

/** What `network.yaml` reads, and how Go shall use memory. */
export function networkCollectorEnvironment({ host, ports, sources, prometheusUrl }: NetworkCollectorPlace) {
  return {
    COLLECTOR_HOST: host,
    COLLECTOR_OTLP_GRPC_PORT: String(ports.otlp),
    COLLECTOR_METRICS_PORT: String(ports.metrics),
    COLLECTOR_EXPORT_PORT: String(ports.exported),
    COLLECTOR_HEALTH_PORT: String(ports.health),
    NETWORK_SOURCES: sources,
    PROMETHEUS_URL: prometheusUrl,
    GOMEMLIMIT: '48MiB',
  };
}
