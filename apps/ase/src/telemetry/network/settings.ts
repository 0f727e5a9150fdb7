import { z } from 'zod';
import type { NetworkName } from '../../../../../telemetry/networkCatalogue.ts';
import { MECHANISMS, type MechanismName } from '../privacy/mechanism.ts';

/** What an ASE shares with its network, and how; the variables are Rafiki's own where Rafiki has one. */
export interface NetworkSettings {
  /** false: nothing is counted, no timer runs, no socket is opened. */
  enabled: boolean;
  network: NetworkName;
  /** Becomes `source` and `instance`. */
  instanceName: string;
  /** OTLP gRPC addresses, http://host:port; each of them gets everything. */
  collectorUrls: string[];
  exportIntervalMs: number;
  /** Daily rates for currencies that the ASE's own rates do not know; empty: none. */
  externalRatesUrl: string;
  privacy: { mechanism: MechanismName; epsilon: number; clipUnits: bigint };
}

const MAX_CLIP_UNITS = 10_000_000_000n;
const MAX_COLLECTORS = 10;

const isHttpUrl = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

export const telemetryTruth = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((text) => text === 'true');

const EPSILON_REASON = 'must be a decimal from 0.001 to 100, with at most three digits after the point';
/** ε as text: a plain decimal, so that NaN, Infinity and 1e999 are none. */
const epsilon = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,3})?$/, EPSILON_REASON)
  .transform(Number)
  .refine((value) => value > 0 && value <= 100, EPSILON_REASON);

/** OTLP addresses, separated by commas. */
export const telemetryUrls = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((url) => url.trim())
      .filter(Boolean),
  )
  .pipe(
    z
      .array(z.string().refine(isHttpUrl, 'must be an http:// or https:// URL'))
      .max(MAX_COLLECTORS, `must be at most ${MAX_COLLECTORS} URLs`)
      .refine((all) => new Set(all).size === all.length, 'names a URL twice'),
  );

/** The variables, for the ASE's one schema of its environment. */
export const networkVariables = {
  ENABLE_TELEMETRY: telemetryTruth.optional(),
  LIVENET: z.string().default('false').pipe(telemetryTruth),
  INSTANCE_NAME: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/, 'must be up to 64 letters, digits, spaces, dots and dashes')
    .optional(),
  OPEN_TELEMETRY_COLLECTOR_URLS: telemetryUrls,
  OPEN_TELEMETRY_EXPORT_INTERVAL: z
    .string()
    .default('15000')
    .refine(
      (text) => /^\d{1,7}$/.test(text) && Number(text) >= 50 && Number(text) <= 3_600_000,
      'must be between 50 and 3600000 milliseconds',
    )
    .transform(Number),
  TELEMETRY_EXCHANGE_RATES_URL: z
    .string()
    .default('')
    .refine((text) => text === '' || isHttpUrl(text), 'must be an http:// or https:// URL'),
  NETWORK_PRIVACY_MECHANISM: z
    .enum(MECHANISMS, { error: `must be ${MECHANISMS.join(', ')}` })
    .default('unbiased'),
  NETWORK_PRIVACY_EPSILON: z.string().default('1').pipe(epsilon),
  NETWORK_PRIVACY_CLIP_UNITS: z
    .string()
    .regex(/^\d{1,16}$/, 'must be a whole number of units')
    .transform(BigInt)
    .refine((units) => units > 0n && units <= MAX_CLIP_UNITS, `must be between 1 and ${MAX_CLIP_UNITS}`)
    .optional(),
};

/** The checked values of `networkVariables`. */
export type NetworkValues = z.output<z.ZodObject<typeof networkVariables>>;

/** On by default where no real money moves, off on the livenet until somebody opts in. */
export function networkSettings(
  values: NetworkValues,
  ase: { name: string; peers: readonly PacketLimit[] },
): NetworkSettings {
  return {
    enabled: values.ENABLE_TELEMETRY ?? !values.LIVENET,
    network: values.LIVENET ? 'livenet' : 'testnet',
    instanceName: values.INSTANCE_NAME ?? ase.name,
    collectorUrls: values.OPEN_TELEMETRY_COLLECTOR_URLS,
    exportIntervalMs: values.OPEN_TELEMETRY_EXPORT_INTERVAL,
    externalRatesUrl: values.TELEMETRY_EXCHANGE_RATES_URL,
    privacy: {
      mechanism: values.NETWORK_PRIVACY_MECHANISM,
      epsilon: values.NETWORK_PRIVACY_EPSILON,
      clipUnits: values.NETWORK_PRIVACY_CLIP_UNITS ?? defaultClipUnits(ase.peers),
    },
  };
}

interface PacketLimit {
  maxPacketAmountUnits: bigint;
  assetScale: number;
}

const BASE_SCALE = 4;
const FALLBACK_CLIP_UNITS = 1_000_000n;

/**
 * The largest packet that a peer takes, as if its currency were dollars, and a quarter more, for currencies that are
 * worth more. It must not follow the rates: a new clip starts the noise anew. Where currencies are far from a dollar
 * (JPY), set NETWORK_PRIVACY_CLIP_UNITS.
 */
function defaultClipUnits(peers: readonly PacketLimit[]): bigint {
  const limits = peers.map(
    ({ maxPacketAmountUnits, assetScale }) =>
      (maxPacketAmountUnits * 10n ** BigInt(BASE_SCALE) * 5n) / (10n ** BigInt(assetScale) * 4n),
  );
  const largest = limits.toSorted((a, b) => (a < b ? 1 : -1))[0] ?? FALLBACK_CLIP_UNITS;
  return largest < MAX_CLIP_UNITS ? largest : MAX_CLIP_UNITS;
}
