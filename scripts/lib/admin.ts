import { z } from 'zod';
import { firstLine, request } from './http.ts';

const ROW = z.object({ quantity: z.string(), labels: z.record(z.string(), z.string()), value: z.string() });
const LEDGER = z.object({
  ase: z.string(),
  totals: z.array(ROW),
  gauges: z.array(ROW),
  inFlight: z.object({ payments: z.number(), packets: z.number() }),
  audit: z.array(z.string()),
});
const WINDOW = z.object({ rows: z.array(ROW) });
const TRAFFIC = z.object({ pausedUntilMs: z.number() });

export type LedgerRow = z.infer<typeof ROW>;
export type LedgerReport = z.infer<typeof LEDGER>;

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
