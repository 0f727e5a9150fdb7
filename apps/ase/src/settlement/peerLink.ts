import { z } from 'zod';
import { SETTLEMENT_REFUSALS } from '../../../../telemetry/catalogue.ts';
import type { BoundedClient } from '../boundedClient.ts';
import type { SettlementLink } from './types.ts';

const ADDRESS = z.object({ address: z.string() });
const REFUSAL = z.object({
  error: z.object({ code: z.enum(SETTLEMENT_REFUSALS), nonce: z.int().optional() }),
});

/** Settlement with one peer over HTTP, beside its /ilp. Rejects when the answer does not say what became of it. */
export function createSettlementLink(
  client: BoundedClient,
  { url, token }: { url: string; token: string },
): SettlementLink {
  const headers = { authorization: `Bearer ${token}` };
  const at = (path: string) => new URL(`/settlement/${path}`, url).href;

  return {
    async address(method) {
      const { status, body } = await client.get(at(`address/${method}`), headers);
      if (status !== 200) throw new Error(`the peer answers ${status} when asked for its address`);
      return ADDRESS.parse(JSON.parse(body)).address;
    },
    async claim(message, traceparent) {
      const { status, body } = await client.post(at('claims'), message, {
        ...headers,
        ...(traceparent !== undefined && { traceparent }),
      });
      if (status === 200) return { accepted: true };
      const refusal = REFUSAL.safeParse(parsed(body));
      if (!refusal.success) throw new Error(`the peer answers ${status} to a claim`);
      const { code, nonce } = refusal.data.error;
      return { accepted: false, code, ...(nonce !== undefined && { nonce }) };
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
