import path from 'node:path';

/** Jaeger's configuration file, for every run mode. */
export const JAEGER_CONFIG = path.join(import.meta.dirname, 'jaeger.yaml');

export function jaegerArguments(): string[] {
  return ['--config', JAEGER_CONFIG];
}

/** What `jaeger.yaml` reads, and how Go shall use memory. */
export function jaegerEnvironment(place: {
  host: string;
  ports: { JAEGER_PORT: number; JAEGER_OTLP_PORT: number };
}) {
  return {
    JAEGER_HOST: place.host,
    JAEGER_PORT: String(place.ports.JAEGER_PORT),
    JAEGER_OTLP_PORT: String(place.ports.JAEGER_OTLP_PORT),
    // It would trace itself too, and send that to port 4317.
    OTEL_TRACES_SAMPLER: 'always_off',
    GOMEMLIMIT: '64MiB',
  };
}
