import { setTimeout as delay } from 'node:timers/promises';
import type { HttpJson, JsonAnswer, JsonRequest } from './httpJson.ts';

/** An amount as Open Payments writes it: whole smallest units as text. */
export interface Amount {
  value: string;
  assetCode: string;
  assetScale: number;
}

export interface WalletAddress {
  id: string;
  assetCode: string;
  assetScale: number;
}

export interface IncomingPayment {
  id: string;
  state: string;
  receivedAmount: Amount;
}

export interface Quote {
  id: string;
  debitAmount: Amount;
  receiveAmount: Amount;
}

export interface OutgoingPayment {
  id: string;
  state: 'FUNDING' | 'SENDING' | 'COMPLETED' | 'FAILED';
  failure?: string;
  sentAmount: Amount;
}

/** The ASE understood and said no: asking again will not help. */
export class RefusedError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'RefusedError';
    this.code = code;
  }
}

export interface ClientOptions {
  http: HttpJson;
  /** How long one call is tried again while the ASE is away or in trouble. */
  retryForMs: number;
  signal: AbortSignal;
  requestTimeoutMs?: number;
  /** Where a URL that an ASE gave is reached from here; without it, at itself. */
  reach?: (url: string) => string;
}

export type OpenPaymentsClient = ReturnType<typeof createOpenPaymentsClient>;

const FIRST_RETRY_MS = 100;
/** Well below the time that a request may take. */
const WAIT_SECONDS = 5;
const LONGEST_RETRY_MS = 1000;

/**
 * A client of the Open Payments-shaped API that outlives restarts of the ASE: every write carries an idempotency
 * key, so a call that is tried again never happens twice.
 */
export function createOpenPaymentsClient({
  http,
  retryForMs,
  signal,
  requestTimeoutMs = 10_000,
  reach = (url) => url,
}: ClientOptions) {
  async function call<T>(request: Omit<JsonRequest, 'timeoutMs'>): Promise<T> {
    const deadline = Date.now() + retryForMs;
    for (let pauseMs = FIRST_RETRY_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_RETRY_MS)) {
      signal.throwIfAborted();
      let trouble: unknown;
      try {
        const url = reach(request.url);
        const answer = await http.send({ ...request, url, timeoutMs: requestTimeoutMs });
        if (answer.status < 300) return answer.body as T;
        if (answer.status < 500 && answer.status !== 429) throw refusal(request, answer);
        trouble = refusal(request, answer);
      } catch (error) {
        if (error instanceof RefusedError && error !== trouble) throw error;
        trouble = error;
      }
      if (Date.now() + pauseMs > deadline) throw trouble;
      // Spread out, so that those who wait for the same ASE do not all come back at once.
      await delay(pauseMs * (0.5 + Math.random() / 2), undefined, { signal });
    }
  }

  const post = <T>(url: string, key: string, body: unknown) =>
    call<T>({ method: 'POST', url, body, headers: { 'idempotency-key': key } });

  return {
    wallet: (url: string) => call<WalletAddress>({ method: 'GET', url }),
    createIncomingPayment: (
      origin: string,
      key: string,
      body: { walletAddress: string; incomingAmount?: Amount },
    ) => post<IncomingPayment>(`${origin}/incoming-payments`, key, body),
    completeIncomingPayment: (url: string, key: string) => post<IncomingPayment>(`${url}/complete`, key, {}),
    incomingPayment: (url: string) => call<IncomingPayment>({ method: 'GET', url }),
    createQuote: (
      origin: string,
      key: string,
      body: { walletAddress: string; receiver: string; method: 'ilp'; debitAmount?: Amount },
    ) => post<Quote>(`${origin}/quotes`, key, body),
    createOutgoingPayment: (origin: string, key: string, body: { walletAddress: string; quoteId: string }) =>
      post<OutgoingPayment>(`${origin}/outgoing-payments`, key, body),
    /** Answered when the payment has ended, or after some seconds; by servers that do not wait, at once. */
    outgoingPayment: (url: string) =>
      call<OutgoingPayment>({ method: 'GET', url, headers: { prefer: `wait=${WAIT_SECONDS}` } }),
  };
}

function refusal(
  { method, url }: Pick<JsonRequest, 'method' | 'url'>,
  { status, body }: JsonAnswer,
): RefusedError {
  const error = (body as { error?: { code?: string; description?: string } } | undefined)?.error;
  const why = error?.description ?? 'no reason given';
  return new RefusedError(error?.code ?? String(status), `${method} ${url} answers ${status}: ${why}`);
}
