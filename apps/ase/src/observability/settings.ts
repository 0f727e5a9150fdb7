import { z } from 'zod';

/** What the guide for operators of a connector lets them set about metrics and traces. */
export interface ObservabilitySettings {
  /** Where `/metrics` is; undefined: there is none. */
  metricsPath: string | undefined;
  /** Whether the Node process tells of its event loop, memory and garbage. */
  defaultMetrics: boolean;
  /** Attributes of the resource, beside the ASE's name: Prometheus has them on `target_info`. */
  resourceAttributes: Record<string, string>;
  /** `service.name` of traces; that of metrics is fixed, because boards and rules go by it. */
  traceServiceName: string;
}

const MAX_ATTRIBUTES = 16;
/** Paths that the ASE itself uses for something else. */
const TAKEN = /^\/(admin|health|ilp|incoming-payments|outgoing-payments|quotes|ready|settlement)(\/|$)/;
const ATTRIBUTE_NAME = /^[A-Za-z][A-Za-z0-9_.]{0,62}$/;
/** They say who the ASE is, and everything downstream goes by them. */
const OWN_ATTRIBUTES = new Set(['service.name', 'service.instance.id', 'service.version']);

const truth = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((text) => text === 'true');

const attributes = z.string().transform((text, context): Record<string, string> => {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  if (pairs.length > MAX_ATTRIBUTES) context.addIssue(`must be at most ${MAX_ATTRIBUTES} attributes`);
  const entries = pairs.slice(0, MAX_ATTRIBUTES).map((pair): [string, string] => {
    const [name = '', ...rest] = pair.split('=');
    const value = decoded(rest.join('='));
    if (
      !pair.includes('=') ||
      !ATTRIBUTE_NAME.test(name.trim()) ||
      value === undefined ||
      value.length > 200
    ) {
      context.addIssue(
        `${pair.trim().slice(0, 40)} is not name=value, with a value of 200 characters at most`,
      );
    } else if (OWN_ATTRIBUTES.has(name.trim())) {
      context.addIssue(`${name.trim()} is set by the ASE itself`);
    }
    return [name.trim(), value ?? ''];
  });
  if (new Set(entries.map(([name]) => name)).size < entries.length)
    context.addIssue('names an attribute twice');
  return Object.fromEntries(entries);
});

/** The variables, for the ASE's one schema of its environment. */
export const observabilityVariables = {
  PROMETHEUS_ENABLED: z.string().default('true').pipe(truth),
  PROMETHEUS_METRICS_PATH: z
    .string()
    .default('/metrics')
    .refine(
      (path) => /^(\/[A-Za-z0-9_.-]+){1,5}$/.test(path) && path.length <= 100,
      'must be a path such as /metrics',
    )
    .refine((path) => !TAKEN.test(path), 'is a path that the ASE uses for something else'),
  PROMETHEUS_DEFAULT_METRICS: z.string().default('true').pipe(truth),
  // OpenTelemetry's own variable: name=value with commas between, values percent-encoded.
  OTEL_RESOURCE_ATTRIBUTES: z.string().default('').pipe(attributes),
  OTEL_SERVICE_NAME: z
    .string()
    .default('ilp-connector')
    .refine((text) => /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/.test(text), {
      error: 'must be up to 64 letters, digits, spaces, dots and dashes',
    }),
  // Read before all others, for the variables that it stands for: aliases.ts.
  OTEL_ENABLED: z.string().default('false').pipe(truth),
  OTEL_EXPORTER_ENDPOINT: z.string().default('').refine(isGrpcAddress, {
    error:
      'must be http://host:port of an OTLP receiver that speaks gRPC, usually port 4317; not 4318, and without a path',
  }),
};

/** The checked values of `observabilityVariables`. */
export type ObservabilityValues = z.output<z.ZodObject<typeof observabilityVariables>>;

export function observabilitySettings(values: ObservabilityValues): ObservabilitySettings {
  return {
    metricsPath: values.PROMETHEUS_ENABLED ? values.PROMETHEUS_METRICS_PATH : undefined,
    defaultMetrics: values.PROMETHEUS_DEFAULT_METRICS,
    resourceAttributes: values.OTEL_RESOURCE_ATTRIBUTES,
    traceServiceName: values.OTEL_SERVICE_NAME,
  };
}

/** The guide's example has the port of OTLP over HTTP, where nothing would take what the ASE sends. */
function isGrpcAddress(text: string): boolean {
  if (text === '') return true;
  if (!URL.canParse(text)) return false;
  const { protocol, port, pathname } = new URL(text);
  return /^https?:$/.test(protocol) && port !== '4318' && pathname === '/';
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return undefined;
  }
}
