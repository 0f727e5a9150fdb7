import { jaegerArguments, jaegerEnvironment } from '../../collector/jaeger.ts';
import {
  baseEnvironment,
  type ComponentSpec,
  dataFolder,
  loopbackUrl,
  type NetworkPlan,
  type Plan,
} from './component.ts';
import { lateCommand } from './late/command.ts';
import { LOOPBACK, type Settings } from './settings.ts';

/** Where Jaeger answers questions about traces; undefined when there is none. */
export function jaegerUrl({ ports }: Settings, { core }: NetworkPlan): string | undefined {
  return core ? undefined : loopbackUrl(ports.JAEGER_PORT);
}

/** Where Jaeger takes spans, whether it is there or not. */
export function jaegerOtlpUrl({ ports }: Settings): string {
  return loopbackUrl(ports.JAEGER_OTLP_PORT);
}

/** Keeps the newest traces; `up --core` does without. */
export function jaegerComponents({ settings, programs, network }: Plan): ComponentSpec[] {
  const url = jaegerUrl(settings, network);
  if (url === undefined) return [];
  const { JAEGER_PORT, JAEGER_OTLP_PORT } = settings.ports;
  const program = {
    args: jaegerArguments(),
    cwd: dataFolder(settings, 'jaeger'),
    env: {
      ...baseEnvironment(),
      ...jaegerEnvironment({ host: LOOPBACK, ports: { JAEGER_PORT, JAEGER_OTLP_PORT } }),
    },
  };
  const { jaeger } = programs;
  return [
    {
      name: 'jaeger',
      url,
      healthUrl: `${url}/api/services`,
      listens: [JAEGER_PORT, JAEGER_OTLP_PORT].map((port) => ({ host: LOOPBACK, port })),
      ...(jaeger === undefined
        ? { late: true, command: lateCommand('jaeger', program) }
        : { command: { program: jaeger, ...program } }),
    },
  ];
}

/** Whether and whom an ASE tells of its payments' ways, span by span. */
export function tracingEnvironment({ settings, network }: Plan): Record<string, string> {
  return {
    ENABLE_TELEMETRY_TRACES: String(!network.core),
    OPEN_TELEMETRY_TRACE_COLLECTOR_URLS: loopbackUrl(settings.ports.COLLECTOR_OTLP_GRPC_PORT),
    OTEL_SAMPLING_RATIO: settings.samplingRatio,
  };
}
