import { z } from 'zod';
import { MECHANISMS, type MechanismName } from '../../apps/ase/src/telemetry/privacy/mechanism.ts';
import { SETTLEMENT_METHODS } from '../../telemetry/catalogue.ts';
import { NETWORK_COUNTERS, NETWORKS, type NetworkCounter } from '../../telemetry/networkCatalogue.ts';
import { usageReport } from '../../telemetry/usageReport.ts';
import { firstLine, request } from './http.ts';

const ROW = z.object({ quantity: z.string(), labels: z.record(z.string(), z.string()), value: z.string() });
const LEDGER = z.object({
  ase: z.string(),
  totals: z.array(ROW),
  gauges: z.array(ROW),
  inFlight: z.object({ payments: z.number(), packets: z.number(), settlements: z.number() }),
  audit: z.array(z.string()),
});
const WINDOW = z.object({ rows: z.array(ROW) });
const LOAD = z.object({
  rows: z.array(
    z.object({
      quantity: z.enum(['payments', 'units']),
      direction: z.enum(['outgoing', 'incoming']),
      state: z.string().optional(),
      value: z.string(),
    }),
  ),
});
const TRAFFIC = z.object({ pausedUntilMs: z.number() });

const NETWORK = z.enum(NETWORKS);
const OFF = z.object({ enabled: z.literal(false), network: NETWORK });
const UNITS = z.string().regex(/^-?\d+$/);
/** Something for each counter that goes to the network. */
const perCounter = <S extends z.ZodType>(shape: S) =>
  z.object(Object.fromEntries(NETWORK_COUNTERS.map((name) => [name, shape])) as Record<NetworkCounter, S>);
const NETWORK_REPORT = z.discriminatedUnion('enabled', [
  OFF,
  z.object({
    enabled: z.literal(true),
    network: NETWORK,
    instance: z.string(),
    mechanism: z.enum(MECHANISMS),
    epsilon: z.number(),
    exportIntervalMs: z.number(),
    exact: perCounter(UNITS),
    counted: perCounter(UNITS),
    published: perCounter(UNITS),
    bounds: perCounter(UNITS.nullable()),
    waiting: z.number(),
    collectors: z.array(z.object({ url: z.string(), ok: z.boolean().optional() })),
    problem: z.string().nullable(),
  }),
]);
const PRIVACY = z.discriminatedUnion('enabled', [
  OFF,
  z.object({
    enabled: z.literal(true),
    network: NETWORK,
    mechanism: z.enum(MECHANISMS),
    epsilon: z.number(),
    clipUnits: UNITS,
    trueUnits: UNITS,
    sentUnits: UNITS,
    mechanisms: z.array(
      z.object({
        name: z.enum(MECHANISMS),
        chosen: z.boolean(),
        publishedUnits: UNITS,
        errorUnits: UNITS,
        boundUnits: UNITS.nullable(),
        epsilonSpent: z.number().nullable(),
      }),
    ),
  }),
]);

const USAGE = z.object({
  enabled: z.boolean(),
  why: z.string().nullable(),
  url: z.string().nullable(),
  intervalSeconds: z.number().nullable(),
  nextAt: z.string().nullable(),
  last: z.object({ at: z.string(), outcome: z.enum(['sent', 'lost']), detail: z.string() }).nullable(),
  report: usageReport,
});

export type UsagePreview = z.infer<typeof USAGE>;
const METHOD = z.enum(SETTLEMENT_METHODS);
const SETTLEMENT = z.discriminatedUnion('enabled', [
  z.object({ enabled: z.literal(false) }),
  z.object({
    enabled: z.literal(true),
    chains: z.array(
      z.object({
        method: METHOD,
        address: z.string(),
        tokens: z.array(z.object({ token: z.string(), units: UNITS })),
      }),
    ),
    channels: z.array(
      z.object({
        id: z.string(),
        method: METHOD,
        peer: z.string(),
        role: z.enum(['out', 'in']),
        token: z.string(),
        state: z.string(),
        bookedUnits: UNITS,
      }),
    ),
    problems: z.array(z.object({ about: z.string(), problem: z.string() })),
  }),
]);

export type SettlementReport = z.infer<typeof SETTLEMENT>;
export type NetworkReport = z.infer<typeof NETWORK_REPORT>;
export type PrivacyReport = z.infer<typeof PRIVACY>;
export type LedgerRow = z.infer<typeof ROW>;
export type LedgerReport = z.infer<typeof LEDGER>;

/** Another privacy mechanism, another ε, or both. */
export interface PrivacyChange {
  mechanism?: MechanismName;
  epsilon?: number;
}

export type Admin = ReturnType<typeof createAdmin>;

const TIMEOUT_MS = 10_000;

/** The operator's view of one ASE. */
export function createAdmin(aseUrl: string, token: string) {
  async function call<S extends z.ZodType>(schema: S, method: string, path: string, body?: unknown) {
    const answer = await request(`${aseUrl}/admin/${path}`, {
      method,
      token,
      timeoutMs: TIMEOUT_MS,
      ...(body === undefined ? {} : { body }),
    });
    if (answer.status !== 200)
      throw new Error(`/admin/${path} answers ${answer.status}: ${firstLine(answer.body)}`);
    const result = schema.safeParse(parseJson(answer.body));
    if (!result.success) throw new Error(`/admin/${path} answers something else: ${firstLine(answer.body)}`);
    return result.data as z.output<S>;
  }

  return {
    ledger: () => call(LEDGER, 'GET', 'ledger'),
    /** What happened with from < t <= to, by the ledger's own clock. */
    window: (fromMs: number, toMs: number) => call(WINDOW, 'GET', `ledger/window?from=${fromMs}&to=${toMs}`),
    /** What became of the payments that a load run made. */
    load: (run: string) => call(LOAD, 'GET', `ledger/load?run=${run}`),
    /** What the network is told, beside the truth. */
    network: () => call(NETWORK_REPORT, 'GET', 'network'),
    settlement: () => call(SETTLEMENT, 'GET', 'settlement'),
    privacy: () => call(PRIVACY, 'GET', 'privacy'),
    choosePrivacy: (change: PrivacyChange) => call(PRIVACY, 'PUT', 'privacy', change),
    /** What the next usage report would say, and to whom. */
    usage: () => call(USAGE, 'GET', 'usage'),
    /** Pauses background traffic for this long from now; 0 lets it go on. */
    pauseTraffic: (pauseForMs: number) => call(TRAFFIC, 'PUT', 'traffic', { pauseForMs }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
