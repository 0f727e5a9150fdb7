import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { FRAME_ORIGIN } from '../../apps/viewer/server/securityHeaders.ts';
import type { Sla } from '../../prometheus/alerting/sla.ts';
import { messageOf, UsageError } from './errors.ts';
import { suggestion } from './nearest.ts';

/** The pins of `.env`. */
export interface Env {
  /** Where everything listens, after the offset. */
  ports: Ports;
  portOffset: number;
  /** How often an ASE tells its network. */
  networkExportIntervalMs: number;
  /** The pattern of the senders that network collectors listen to. */
  networkSources: string;
  /** Who besides themselves may show the boards in a frame: origins. */
  frameAncestors: string[];
  /** Where log lines go in containers, beside the programs' own output. */
  logsTo: 'none' | 'loki';
  /** The share of payments that are traced, 0 to 1. */
  samplingRatio: string;
  usageReport: {
    /** False too when the environment has DO_NOT_TRACK. */
    enabled: boolean;
    intervalSeconds: number;
  };
  alerting: AlertingSettings;
  versions: Versions;
}
export type PortName = (typeof PORT_NAMES)[number];
export type VersionName = (typeof VERSION_NAMES)[number];

export interface AlertingSettings {
  sla: Sla;
  /** Every duration of the rules is divided by it: 1, but for tests. */
  speed: number;
  /** Each holds one secret and nothing else; empty: that receiver is off. */
  slackUrlFile: string;
  pagerdutyKeyFile: string;
  slackChannel: string;
}
type Ports = Record<PortName, number>;
export type Versions = Record<VersionName, string>;

const VERSION_NAMES = [
  'OTELCOL_VERSION',
  'PROMETHEUS_VERSION',
  'ALERTMANAGER_VERSION',
  'JAEGER_VERSION',
  'GRAFANA_VERSION',
  'COMPOSE_VERSION',
  'K6_VERSION',
] as const;
const PORT_NAMES = [
  'DASHBOARDS_PORT',
  'PROMETHEUS_PORT',
  'ALERTMANAGER_PORT',
  'ALERT_SINK_PORT',
  'JAEGER_PORT',
  'JAEGER_OTLP_PORT',
  'COLLECTOR_OTLP_GRPC_PORT',
  'COLLECTOR_OTLP_HTTP_PORT',
  'COLLECTOR_METRICS_PORT',
  'COLLECTOR_EXPORT_PORT',
  'COLLECTOR_HEALTH_PORT',
  'CLOUD_NINE_PORT',
  'HAPPY_LIFE_PORT',
  'GLOBAL_BANK_PORT',
  'RATES_PORT',
  'USAGE_PORT',
  'CHAIN_PORT',
  'TESTNET_PORT',
  'TESTNET_BALANCER_HEALTH_PORT',
  'TESTNET_1_OTLP_PORT',
  'TESTNET_1_METRICS_PORT',
  'TESTNET_1_EXPORT_PORT',
  'TESTNET_1_HEALTH_PORT',
  'TESTNET_2_OTLP_PORT',
  'TESTNET_2_METRICS_PORT',
  'TESTNET_2_EXPORT_PORT',
  'TESTNET_2_HEALTH_PORT',
  'LIVENET_PORT',
  'LIVENET_BALANCER_HEALTH_PORT',
  'LIVENET_1_OTLP_PORT',
  'LIVENET_1_METRICS_PORT',
  'LIVENET_1_EXPORT_PORT',
  'LIVENET_1_HEALTH_PORT',
  'LIVENET_2_OTLP_PORT',
  'LIVENET_2_METRICS_PORT',
  'LIVENET_2_EXPORT_PORT',
  'LIVENET_2_HEALTH_PORT',
] as const;

const VERSION = z.string().regex(/^\d+\.\d+\.\d+$/, 'must be a version such as 1.2.3');
const IMAGE = z
  .string()
  .regex(/^[a-z0-9][\w./:-]*:\w[\w.-]*$/, 'must be an image with a tag such as node:24-slim');
const PROFILES = z.string().regex(/^[\w-]+(,[\w-]+)*$/, 'must be profile names, separated by commas');
const NETWORK = z.enum(['testnet', 'livenet', 'none'], 'must be testnet, livenet or none');
const PATTERN = z
  .string()
  .regex(/^[\w.+*?|()[\]-]+$/, 'must be a pattern such as cloud-nine|my-rafiki')
  .refine(isPattern, 'is no valid pattern');
const ORIGINS = z
  .string()
  .transform((text) => text.split(' ').filter(Boolean))
  .refine((origins) => origins.every((origin) => FRAME_ORIGIN.test(origin)), {
    error: 'must be origins such as https://example.org, separated by spaces',
  });
const RATIO = z
  .string()
  .regex(/^0\.\d{1,6}$/, 'must be a share below 1 such as 0.999')
  .transform(Number)
  .refine((ratio) => ratio > 0, 'must be above 0');
const FILE = z.string().max(1000);
const SCHEMA = z.object({
  PLAYGROUND_PORT_OFFSET: wholeNumber({ min: 0, max: 30000 }),
  NETWORK_EXPORT_INTERVAL_MS: wholeNumber({ min: 100, max: 3_600_000 }),
  NETWORK_SOURCES: PATTERN,
  DASHBOARDS_FRAME_ANCESTORS: ORIGINS,
  OTEL_SAMPLING_RATIO: z.string().regex(/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/, 'must be a decimal from 0 to 1'),
  USAGE_REPORT: z.enum(['true', 'false'], 'must be true or false'),
  USAGE_REPORT_INTERVAL_SECONDS: wholeNumber({ min: 60, max: 2_592_000 }),
  SLA_PACKET_SUCCESS_THRESHOLD: RATIO,
  SLA_SETTLEMENT_SUCCESS_THRESHOLD: RATIO,
  SLA_P99_LATENCY_MS: wholeNumber({ min: 1, max: 60_000 }),
  ALERT_SPEED: wholeNumber({ min: 1, max: 10_000 }),
  ALERT_SLACK_URL_FILE: FILE,
  ALERT_SLACK_CHANNEL: z.string().regex(/^[\w.-]{1,80}$/, 'must be the name of a channel, without #'),
  ALERT_PAGERDUTY_KEY_FILE: FILE,
  // These are read by docker-compose.yml alone.
  CLOUD_NINE_NETWORK: NETWORK,
  HAPPY_LIFE_NETWORK: NETWORK,
  GLOBAL_BANK_NETWORK: NETWORK,
  NODE_IMAGE: IMAGE,
  BALANCER_IMAGE: IMAGE,
  LOKI_IMAGE: IMAGE,
  COMPOSE_PROFILES: PROFILES,
  PLAYGROUND_HOPS: wholeNumber({ min: 1, max: 2 }),
  PLAYGROUND_LOGS: z.enum(['none', 'loki'], 'must be none or loki'),
  ...record(VERSION_NAMES, VERSION),
  ...record(PORT_NAMES, wholeNumber({ min: 1, max: 65535 })),
});
const NAMES = Object.keys(SCHEMA.shape);

/**
 * Reads `.env`; variables of the same names in `environment` win, empty ones count as absent.
 * @throws UsageError with every mistake of the file and the environment at once, each with its line.
 */
export function readEnv(
  environment: Record<string, string | undefined> = process.env,
  file = path.resolve(import.meta.dirname, '../../.env'),
): Env {
  const { entries, problems, garbled } = parseLines(readText(file), path.basename(file));
  for (const name of NAMES) {
    const value = environment[name];
    if (value) entries.set(name, { value, where: 'environment' });
  }
  const values = Object.fromEntries([...entries].map(([name, { value }]) => [name, value]));
  const result = SCHEMA.safeParse(values);
  for (const { path: where, message } of result.error?.issues ?? []) {
    const name = String(where[0]);
    const entry = entries.get(name);
    if (entry) problems.push(`${entry.where}: ${name}=${entry.value} ${message}`);
    else if (!garbled.has(name)) problems.push(`${path.basename(file)}: ${name} is missing`);
  }
  const portOffset = Number(
    SCHEMA.shape.PLAYGROUND_PORT_OFFSET.safeParse(values.PLAYGROUND_PORT_OFFSET).data ?? 0,
  );
  const ports = withOffset(values, portOffset);
  problems.push(...portProblems(ports));
  if (!result.success || problems.length > 0) {
    throw new UsageError('.env or the environment has mistakes', problems);
  }
  return {
    portOffset,
    ports: ports as Ports,
    networkExportIntervalMs: result.data.NETWORK_EXPORT_INTERVAL_MS,
    networkSources: result.data.NETWORK_SOURCES,
    logsTo: result.data.PLAYGROUND_LOGS,
    frameAncestors: result.data.DASHBOARDS_FRAME_ANCESTORS,
    samplingRatio: result.data.OTEL_SAMPLING_RATIO,
    usageReport: {
      enabled:
        result.data.USAGE_REPORT === 'true' && ['', '0', 'false'].includes(environment.DO_NOT_TRACK ?? ''),
      intervalSeconds: result.data.USAGE_REPORT_INTERVAL_SECONDS,
    },
    alerting: {
      sla: {
        packetSuccess: result.data.SLA_PACKET_SUCCESS_THRESHOLD,
        settlementSuccess: result.data.SLA_SETTLEMENT_SUCCESS_THRESHOLD,
        p99LatencyMs: result.data.SLA_P99_LATENCY_MS,
      },
      speed: result.data.ALERT_SPEED,
      slackUrlFile: result.data.ALERT_SLACK_URL_FILE,
      slackChannel: result.data.ALERT_SLACK_CHANNEL,
      pagerdutyKeyFile: result.data.ALERT_PAGERDUTY_KEY_FILE,
    },
    versions: pick<VersionName, string>(result.data, VERSION_NAMES),
  };
}

interface Entry {
  value: string;
  /** For people: `.env:12` or `environment`. */
  where: string;
}

interface Parsed {
  entries: Map<string, Entry>;
  problems: string[];
  /** Names on lines that are no entries: told already, so not missing as well. */
  garbled: Set<string>;
}

/** `NAME=value`, comments and empty lines; anything else is a problem with its line number. */
function parseLines(text: string, fileName: string): Parsed {
  const entries = new Map<string, Entry>();
  const problems: string[] = [];
  const garbled = new Set<string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#.*)?$/.test(line)) continue;
    const where = `${fileName}:${index + 1}`;
    const match = /^([A-Za-z_]\w*)=([^\s'"#$\\]*)$/.exec(line);
    const earlier = match && entries.get(match[1]!);
    if (!match) {
      problems.push(`${where}: ${JSON.stringify(line)} is not NAME=value without spaces and quotes`);
      garbled.add(/\w+/.exec(line)?.[0] ?? '');
    } else if (!NAMES.includes(match[1]!)) {
      problems.push(`${where}: unknown name ${match[1]}${suggestion(match[1]!, NAMES)}`);
    } else if (earlier) {
      problems.push(`${where}: ${match[1]} is set a second time, first at ${earlier.where}`);
    } else {
      entries.set(match[1]!, { value: match[2]!, where });
    }
  }
  return { entries, problems, garbled };
}

/** The one place where the offset is added; ports that are wrong by themselves are left out. */
function withOffset(values: Record<string, string>, portOffset: number): Partial<Ports> {
  const ports: Partial<Ports> = {};
  for (const name of PORT_NAMES) {
    const { data } = SCHEMA.shape[name].safeParse(values[name]);
    if (data !== undefined) ports[name] = data + portOffset;
  }
  return ports;
}

function portProblems(ports: Partial<Ports>): string[] {
  const problems: string[] = [];
  const byPort = Map.groupBy(Object.entries(ports), ([, port]) => port);
  for (const [port, users] of byPort) {
    const names = users.map(([name]) => name).join(' and ');
    if (users.length > 1) problems.push(`${names} are both ${port}`);
    if (port > 65535) problems.push(`${names} + PLAYGROUND_PORT_OFFSET is ${port}, above 65535`);
  }
  return problems;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${messageOf(error)}`);
  }
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

function wholeNumber({ min, max }: { min: number; max: number }) {
  const why = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, why)
    .transform(Number)
    .pipe(z.number().min(min, why).max(max, why));
}

function record<K extends string, V>(names: readonly K[], value: V): Record<K, V> {
  return Object.fromEntries(names.map((name) => [name, value])) as Record<K, V>;
}

function pick<K extends string, V>(from: Record<K, V>, names: readonly K[]): Record<K, V> {
  return Object.fromEntries(names.map((name) => [name, from[name]])) as Record<K, V>;
}
