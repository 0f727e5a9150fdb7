import { z } from 'zod';
import { telemetryTruth, telemetryUrls } from '../telemetry/network/settings.ts';

/** Whether and where an ASE traces its payments; the variables are Rafiki's, and that of the ratio the guide's. */
export interface TracingSettings {
  /** false: no span is made, no header is read or sent. */
  enabled: boolean;
  /** OTLP gRPC addresses, http://host:port; each of them gets every span. */
  collectorUrls: string[];
  /** The share of payments that are traced, from 0 to 1. */
  samplingRatio: number;
}

/** The variables, for the ASE's one schema of its environment. */
export const tracingVariables = {
  ENABLE_TELEMETRY_TRACES: z.string().default('false').pipe(telemetryTruth),
  OPEN_TELEMETRY_TRACE_COLLECTOR_URLS: telemetryUrls,
  OTEL_SAMPLING_RATIO: z
    .string()
    .default('1')
    .refine((text) => /^(0(\.\d{1,6})?|1(\.0{1,6})?)$/.test(text), 'must be a decimal from 0 to 1')
    .transform(Number),
};

/** The checked values of `tracingVariables`. */
type TracingValues = z.output<z.ZodObject<typeof tracingVariables>>;

/** Without anybody to tell, nothing is traced. */
export function tracingSettings(values: TracingValues): TracingSettings {
  const collectorUrls = values.OPEN_TELEMETRY_TRACE_COLLECTOR_URLS;
  return {
    enabled: values.ENABLE_TELEMETRY_TRACES && collectorUrls.length > 0 && values.OTEL_SAMPLING_RATIO > 0,
    collectorUrls,
    samplingRatio: values.OTEL_SAMPLING_RATIO,
  };
}
