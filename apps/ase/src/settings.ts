import { readFileSync } from 'node:fs';
import { isValidIlpAddress } from 'ilp-packet';
import { z } from 'zod';
import { SETTLEMENT_METHODS } from '../../../telemetry/catalogue.ts';
import { withAliases } from './observability/aliases.ts';
import { readConfigFile } from './observability/configFile.ts';
import {
  type ObservabilitySettings,
  observabilitySettings,
  observabilityVariables,
} from './observability/settings.ts';
import type { SettlementTerms } from './settlement/types.ts';
import { type NetworkSettings, networkSettings, networkVariables } from './telemetry/network/settings.ts';
import { type TracingSettings, tracingSettings, tracingVariables } from './tracing/settings.ts';
import { type UsageSettings, usageSettings, usageVariables } from './usage/settings.ts';

/** Everything an ASE can be told from outside, read once in main.ts. */
export interface Settings {
  name: string;
  host: string;
  port: number;
  /** Origin of all resource URLs, without a slash at its end. */
  publicUrl: string;
  ilpAddress: string;
  asset: { assetCode: string; assetScale: number };
  dataDir: string;
  peers: PeerSettings[];
  wallets: WalletSettings[];
  adminToken: string;
  /** Bearer tokens by direction: key `sender>receiver`. */
  peerTokens: Record<string, string>;
  ratesUrl: string;
  ratesPollMs: number;
  /** Rates that were fetched longer ago than this are refused. */
  ratesMaxAgeMs: number;
  fee: { fixedUnits: bigint; basisPoints: bigint };
  quoteTtlMs: number;
  /** Origins that a receiver URL may have. */
  receiverAllowList: string[];
  /** Where those origins are reached from here, when that is not the origin itself, as between containers. */
  receiverRoutes: Record<string, string>;
  /** Empty: no export. */
  otlpEndpoint: string;
  otlpExportIntervalMs: number;
  observability: ObservabilitySettings;
  network: NetworkSettings;
  tracing: TracingSettings;
  usage: UsageSettings;
  /** Resident memory that an alert measures this process by. */
  memoryLimitBytes: number;
  /** Where the chains are; undefined: this ASE settles nothing. */
  chainUrl: string | undefined;
  settlementPollMs: number;
  logLevel: string;
  /** When stdout is a file, it begins anew at this size. */
  maxLogBytes: number;
  /** Where log lines go beside stdout, as OTLP over gRPC. Undefined: nowhere. */
  logsOtlpEndpoint: string | undefined;
}

export interface PeerSettings {
  id: string;
  ilpAddress: string;
  url: string;
  assetCode: string;
  assetScale: number;
  creditLimitUnits: bigint;
  maxPacketAmountUnits: bigint;
  routes: string[];
  /** How we pay what we owe it; left out: we do not. */
  settlement?: SettlementTerms | undefined;
}

export interface WalletSettings {
  name: string;
  openingUnits: bigint;
}

/** Wrong settings; `problems` has one line for each, naming its variable. */
export class SettingsError extends Error {
  readonly problems: string[];
  constructor(problems: string[]) {
    super(`Settings are wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

/** Reads the settings out of environment variables. Throws a SettingsError that names every problem at once. */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const problems: string[] = [];
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const inFile = set.ASE_CONFIG_FILE === undefined ? {} : readConfigFile(set.ASE_CONFIG_FILE, problems);
  const given = withAliases({ ...inFile, ...set }, problems);
  // Empty means "no export" for this one only; everywhere else it means "not set".
  if (env.ASE_OTLP_ENDPOINT === '') given.ASE_OTLP_ENDPOINT = '';
  const parsed = environment.safeParse(given);
  for (const issue of parsed.error?.issues ?? []) {
    const [variable, ...path] = issue.path;
    problems.push(`${String(variable)}${path.map((part) => `[${String(part)}]`).join('')}: ${issue.message}`);
  }
  const secrets = readSecrets(given.ASE_SECRETS_FILE, problems);
  const name = given.ASE_NAME ?? '';
  const peers = parsed.success ? parsed.data.ASE_PEERS : [];
  for (const peer of peers) {
    for (const key of [`${name}>${peer.id}`, `${peer.id}>${name}`]) {
      if (secrets && secrets.peerTokens[key] === undefined) {
        problems.push(`ASE_SECRETS_FILE: peerTokens has no "${key}", which ASE_PEERS needs`);
      }
    }
  }
  if (!parsed.success || !secrets || problems.length > 0) throw new SettingsError(problems);
  const values = parsed.data;
  return {
    name,
    host: values.ASE_HOST,
    port: values.ASE_PORT,
    publicUrl: values.ASE_PUBLIC_URL,
    ilpAddress: values.ASE_ILP_ADDRESS,
    asset: { assetCode: values.ASE_ASSET_CODE, assetScale: values.ASE_ASSET_SCALE },
    dataDir: values.ASE_DATA_DIR,
    peers,
    wallets: values.ASE_WALLETS,
    adminToken: secrets.adminToken,
    peerTokens: secrets.peerTokens,
    ratesUrl: values.ASE_RATES_URL,
    ratesPollMs: values.ASE_RATES_POLL_SECONDS * 1000,
    ratesMaxAgeMs: values.ASE_RATES_MAX_AGE_SECONDS * 1000,
    fee: { fixedUnits: values.ASE_FEE_FIXED_UNITS, basisPoints: values.ASE_FEE_BASIS_POINTS },
    quoteTtlMs: values.ASE_QUOTE_TTL_SECONDS * 1000,
    receiverAllowList: [values.ASE_PUBLIC_URL, ...values.ASE_RECEIVER_ALLOW_LIST],
    receiverRoutes: values.ASE_RECEIVER_ROUTES,
    otlpEndpoint: values.ASE_OTLP_ENDPOINT,
    otlpExportIntervalMs: values.ASE_OTLP_EXPORT_INTERVAL_MS,
    observability: observabilitySettings(values),
    network: networkSettings(values, { name, peers }),
    tracing: tracingSettings(values),
    usage: usageSettings(values),
    memoryLimitBytes: values.ASE_MEMORY_LIMIT_MIB * 2 ** 20,
    chainUrl: values.ASE_CHAIN_URL,
    settlementPollMs: values.ASE_SETTLEMENT_POLL_MS,
    logLevel: values.ASE_LOG_LEVEL,
    maxLogBytes: values.ASE_LOG_MAX_MIB * 2 ** 20,
    logsOtlpEndpoint: values.ASE_LOGS_OTLP_ENDPOINT,
  };
}

function readSecrets(file: string | undefined, problems: string[]): z.infer<typeof secretsFile> | undefined {
  if (file === undefined) return undefined;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    problems.push(
      `ASE_SECRETS_FILE: cannot read ${file} as JSON (${error instanceof Error ? error.name : ''})`,
    );
    return undefined;
  }
  const parsed = secretsFile.safeParse(content);
  for (const issue of parsed.error?.issues ?? []) {
    problems.push(`ASE_SECRETS_FILE: ${issue.path.join('.')}: ${issue.message}`);
  }
  return parsed.data;
}

const token = z.string().min(16, 'a token needs at least 16 characters');
const secretsFile = z.object({ adminToken: token, peerTokens: z.record(z.string(), token) });

const wholeNumber = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .refine((n) => n >= minimum && n <= maximum, `must be between ${minimum} and ${maximum}`);
const units = z
  .string()
  .regex(/^\d{1,18}$/, 'must be a whole number of units, as text')
  .transform(BigInt);
const isHttpUrl = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
const httpUrl = z.string().refine(isHttpUrl, 'must be an http:// or https:// URL');
const origin = z
  .string()
  .refine(
    (text) => isHttpUrl(text) && new URL(text).origin === text,
    'must be an origin such as http://127.0.0.1:14100',
  );
const ilpAddress = z.string().refine(isValidIlpAddress, 'must be an ILP address such as test.cloud-nine');
const assetCode = z.string().regex(/^[A-Z]{3,6}$/, 'must be 3 to 6 capital letters');
const assetScale = z.int('must be a whole number').min(0).max(18);
const name = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and dashes');

/** A variable whose text is JSON of the given shape. */
const json = <T extends z.ZodType>(shape: T) =>
  z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue('must be JSON');
        return z.NEVER;
      }
    })
    .pipe(shape);

// Paths that the API itself uses, so a wallet of that name could not be reached.
const RESERVED_WALLETS = new Set(['admin', 'health', 'ilp', 'metrics', 'quotes', 'ready', 'settlement']);

const settlementTerms = z
  .strictObject({
    method: z.enum(SETTLEMENT_METHODS),
    thresholdUnits: units.refine((value) => value > 0n, 'must be above 0'),
    settleToUnits: units,
    channelUnits: units.refine((value) => value > 0n, 'must be above 0'),
  })
  .refine(({ thresholdUnits, settleToUnits }) => settleToUnits < thresholdUnits, {
    path: ['settleToUnits'],
    error: 'must be below thresholdUnits',
  });

const required = { error: 'is needed' };
/** Every variable that an ASE reads. */
export const environment = z.object({
  ASE_NAME: z.string(required).pipe(name),
  ASE_HOST: z.string().default('127.0.0.1'),
  ASE_PORT: z.string(required).pipe(wholeNumber(0, 65535)),
  ASE_PUBLIC_URL: z.string(required).pipe(origin),
  ASE_ILP_ADDRESS: z.string(required).pipe(ilpAddress),
  ASE_ASSET_CODE: z.string(required).pipe(assetCode),
  ASE_ASSET_SCALE: z.string(required).pipe(wholeNumber(0, 18)),
  ASE_DATA_DIR: z.string(required),
  ASE_PEERS: json(
    z.array(
      z.object({
        id: name,
        ilpAddress,
        url: httpUrl,
        assetCode,
        assetScale,
        creditLimitUnits: units,
        maxPacketAmountUnits: units.refine((value) => value > 0n, 'must be above 0'),
        routes: z.array(ilpAddress),
        settlement: settlementTerms.optional(),
      }),
    ),
  ).default([]),
  ASE_WALLETS: json(
    z
      .array(
        z.object({
          name: name.refine((text) => !RESERVED_WALLETS.has(text), 'is a name that the API uses itself'),
          openingUnits: units,
        }),
      )
      .min(1, 'needs at least one wallet')
      .refine((all) => new Set(all.map((one) => one.name)).size === all.length, 'names a wallet twice'),
  ).default(
    ['alice', 'bob', 'carol', 'dave'].map((wallet) => ({ name: wallet, openingUnits: 100_000_000_000n })),
  ),
  ASE_SECRETS_FILE: z.string(required),
  ASE_RATES_URL: z.string(required).pipe(httpUrl),
  ASE_RATES_POLL_SECONDS: z.string().default('10').pipe(wholeNumber(1, 86_400)),
  ASE_RATES_MAX_AGE_SECONDS: z.string().default('300').pipe(wholeNumber(1, 604_800)),
  ASE_FEE_FIXED_UNITS: z.string().default('100').pipe(units),
  ASE_FEE_BASIS_POINTS: z.string().default('200').pipe(wholeNumber(0, 10_000)).transform(BigInt),
  ASE_QUOTE_TTL_SECONDS: z.string().default('300').pipe(wholeNumber(1, 86_400)),
  ASE_RECEIVER_ALLOW_LIST: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter(Boolean))
    .pipe(z.array(origin)),
  ASE_RECEIVER_ROUTES: json(z.record(origin, origin)).default({}),
  ASE_OTLP_ENDPOINT: z
    .string()
    .default('')
    .refine((text) => text === '' || isHttpUrl(text), 'must be an http:// URL, or empty for no export'),
  ASE_OTLP_EXPORT_INTERVAL_MS: z.string().default('1000').pipe(wholeNumber(50, 3_600_000)),
  ASE_CONFIG_FILE: z.string().optional(),
  ...observabilityVariables,
  ...networkVariables,
  ...tracingVariables,
  ...usageVariables,
  ASE_MEMORY_LIMIT_MIB: z.string().default('232').pipe(wholeNumber(1, 1_000_000)),
  ASE_CHAIN_URL: origin.optional(),
  ASE_SETTLEMENT_POLL_MS: z.string().default('500').pipe(wholeNumber(50, 60_000)),
  ASE_LOG_MAX_MIB: z.string().default('64').pipe(wholeNumber(1, 1_000_000)),
  ASE_LOGS_OTLP_ENDPOINT: httpUrl.optional(),
  ASE_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be fatal, error, warn, info, debug, trace or silent',
    })
    .default('info'),
});
