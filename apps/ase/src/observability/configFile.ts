import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';

const MAX_BYTES = 64 * 1024;

const share = z.number().gt(0).lt(1);
const text = z.string().min(1).max(200);
const FILE = z.strictObject({
  observability: z
    .strictObject({
      prometheus: z
        .strictObject({
          enabled: z.boolean(),
          metricsPath: text,
          includeDefaultMetrics: z.boolean(),
          labels: z.record(z.string(), text),
        })
        .partial(),
      opentelemetry: z
        .strictObject({
          enabled: z.boolean(),
          serviceName: text,
          exporterEndpoint: text,
          samplingRatio: z.number().min(0).max(1),
        })
        .partial(),
      // Checked, so that a mistake is seen; the rules of Prometheus go by the variables of .env.
      sla: z
        .strictObject({
          packetSuccessRateThreshold: share,
          settlementSuccessRateThreshold: share,
          p99LatencyThresholdMs: z.number().min(1).max(60_000),
        })
        .partial(),
    })
    .partial(),
});

/**
 * Reads the guide's configuration file, `observability:` in YAML, as the variables that say the same; the environment
 * wins over it. Adds to `problems`, each with the place in the file, and then gives nothing.
 */
export function readConfigFile(file: string, problems: string[]): Record<string, string> {
  const about = (problem: string) => problems.push(`ASE_CONFIG_FILE: ${problem}`);
  let content: unknown;
  try {
    const source = readFileSync(file);
    if (source.length > MAX_BYTES) {
      about(`${file} is larger than ${MAX_BYTES} bytes`);
      return {};
    }
    content = parseYaml(source.toString('utf8'));
  } catch (error) {
    about(`cannot read ${file} as YAML (${error instanceof Error ? error.message.split('\n')[0] : error})`);
    return {};
  }
  const { data, error } = FILE.safeParse(content);
  if (!data) {
    for (const { path, message } of error.issues) about(`${path.join('.') || file}: ${message}`);
    return {};
  }
  const { prometheus = {}, opentelemetry = {} } = data.observability;
  const labels = Object.entries(prometheus.labels ?? {});
  const values = {
    PROMETHEUS_ENABLED: prometheus.enabled,
    PROMETHEUS_METRICS_PATH: prometheus.metricsPath,
    PROMETHEUS_DEFAULT_METRICS: prometheus.includeDefaultMetrics,
    OTEL_RESOURCE_ATTRIBUTES:
      labels.length === 0
        ? undefined
        : labels.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join(','),
    OTEL_ENABLED: opentelemetry.enabled,
    OTEL_SERVICE_NAME: opentelemetry.serviceName,
    OTEL_EXPORTER_ENDPOINT: opentelemetry.exporterEndpoint,
    OTEL_SAMPLING_RATIO: opentelemetry.samplingRatio,
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

/** Loaded for those alone who have such a file: an ASE without one does not carry the parser. */
function parseYaml(source: string): unknown {
  const { parse } = createRequire(import.meta.url)('yaml') as typeof import('yaml');
  // Aliases that name each other a thousand times would fill the memory.
  return parse(source, { maxAliasCount: 10 });
}
