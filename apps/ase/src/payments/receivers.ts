import { isValidIlpAddress } from 'ilp-packet';
import { z } from 'zod';
import { createBoundedClient } from '../boundedClient.ts';
import type { AssetRef } from '../connector/types.ts';
import { PaymentsError } from './errors.ts';
import type { IncomingPayment } from './incomingPayments.ts';
import { createRecent } from './recent.ts';
import type { StreamReceiver } from './streamReceiver.ts';

/** An incoming payment as its sender sees it, here or at another ASE. */
export interface Receiver {
  asset: AssetRef;
  /** Null: takes any amount. */
  incomingUnits: bigint | null;
  receivedUnits: bigint;
  completed: boolean;
  expiresAtMs: number | null;
  ilpAddress: string;
  sharedSecret: Buffer;
}

export interface Receivers {
  /**
   * Looks at an incoming payment. Throws a PaymentsError: `receiver_not_allowed` before any request is made,
   * `receiver_invalid` when there is no such payment, `receiver_unavailable` when it is worth another try.
   * With `orLately` an answer of the last seconds will do; it is given once.
   */
  get(url: string, options?: { orLately?: boolean }): Promise<Receiver>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 5_000;
const MAX_BODY_BYTES = 64 * 1024;
/** What is seen for a quote need not be asked again for the payment that follows it at once. */
const LATELY_MS = 5_000;
const MAX_LATELY = 1_000;

/**
 * Reads receivers at the allowed origins only: no redirect is followed, time and size are bounded, so that a
 * receiver URL cannot make this ASE ask other servers.
 */
export function createReceivers(options: {
  allowedOrigins: readonly string[];
  publicUrl: string;
  /** Where an allowed origin is reached instead of at itself. */
  routes: Readonly<Record<string, string>>;
  /** Incoming payments of this ASE itself need no request. */
  local: (id: string) => Receiver | undefined;
}): Receivers {
  const allowed = new Set(options.allowedOrigins);
  const client = createBoundedClient({ timeoutMs: TIMEOUT_MS, maxBytes: MAX_BODY_BYTES });
  const lately = createRecent<Receiver>({ most: MAX_LATELY, forMs: LATELY_MS });

  async function fetchRemote(url: string): Promise<Receiver> {
    const { origin, pathname } = new URL(url);
    const reachedAt = `${options.routes[origin] ?? origin}${pathname}`;
    const { status, body } = await client.get(reachedAt).catch((error: unknown) => {
      throw unavailable(`does not answer (${error instanceof Error ? error.message : String(error)})`);
    });
    if (status === 404) throw new PaymentsError('receiver_invalid', 'names no incoming payment', 'receiver');
    if (status !== 200) throw unavailable(`answers with status ${status}`);
    const receiver = parseReceiver(body);
    if (!receiver) {
      throw new PaymentsError('receiver_invalid', 'does not answer with an incoming payment', 'receiver');
    }
    return receiver;
  }

  return {
    async get(url, { orLately = false } = {}) {
      const id = incomingPaymentId(url, allowed);
      if (!url.startsWith(`${options.publicUrl}/`)) {
        const seen = lately.take(url);
        if (seen && orLately) return seen;
        const receiver = await fetchRemote(url);
        lately.set(url, receiver);
        return receiver;
      }
      const receiver = options.local(id);
      if (!receiver) throw new PaymentsError('receiver_invalid', 'names no incoming payment', 'receiver');
      return receiver;
    },
    close: () => client.close(),
  };
}

const unavailable = (reason: string) => new PaymentsError('receiver_unavailable', reason, 'receiver');

/** The id in the URL of an incoming payment. Refuses everything that is not exactly such a URL at an allowed origin. */
function incomingPaymentId(text: string, allowedOrigins: ReadonlySet<string>): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new PaymentsError('receiver_invalid', 'must be the URL of an incoming payment', 'receiver');
  }
  if (!allowedOrigins.has(url.origin)) {
    const origins = [...allowedOrigins].join(', ');
    throw new PaymentsError('receiver_not_allowed', `must be at one of ${origins}`, 'receiver');
  }
  const id = /^\/incoming-payments\/([0-9a-f-]{36})$/.exec(url.pathname)?.[1];
  // Credentials, query, fragment or another spelling of the same URL all make it differ from its plain form.
  if (!id || text !== `${url.origin}${url.pathname}`) {
    throw new PaymentsError(
      'receiver_invalid',
      'must look like https://…/incoming-payments/<id>',
      'receiver',
    );
  }
  return id;
}

const amount = z.object({
  value: z
    .string()
    .regex(/^\d{1,19}$/)
    .transform(BigInt),
  assetCode: z.string().min(1).max(255),
  assetScale: z.int().min(0).max(255),
});
const incomingPayment = z.object({
  completed: z.boolean(),
  expiresAt: z.iso.datetime().optional(),
  incomingAmount: amount.optional(),
  receivedAmount: amount,
  methods: z.array(z.object({ type: z.string() }).loose()),
});
const ilpMethod = z.object({
  type: z.literal('ilp'),
  ilpAddress: z.string().refine(isValidIlpAddress),
  sharedSecret: z.base64url().transform((text) => Buffer.from(text, 'base64url')),
});

function parseReceiver(body: string): Receiver | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  const payment = incomingPayment.safeParse(json).data;
  const offered = payment?.methods.map((method) => ilpMethod.safeParse(method).data).find((found) => found);
  if (!payment || !offered) return undefined;
  const { assetCode, assetScale, value } = payment.receivedAmount;
  return {
    asset: { assetCode, assetScale },
    incomingUnits: payment.incomingAmount?.value ?? null,
    receivedUnits: value,
    completed: payment.completed,
    expiresAtMs: payment.expiresAt === undefined ? null : Date.parse(payment.expiresAt),
    ilpAddress: offered.ilpAddress,
    sharedSecret: offered.sharedSecret,
  };
}

/** An incoming payment of this ASE, as a sender here sees it. */
export function asReceiver(
  payment: IncomingPayment | undefined,
  asset: AssetRef,
  { credentials }: Pick<StreamReceiver, 'credentials'>,
): Receiver | undefined {
  return (
    payment && {
      asset,
      incomingUnits: payment.incomingUnits,
      receivedUnits: payment.receivedUnits,
      completed: payment.state === 'COMPLETED',
      expiresAtMs: payment.expiresAtMs,
      ...credentials(payment.id),
    }
  );
}
