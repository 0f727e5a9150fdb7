import type { z } from 'zod';
import type { SettlementMethod } from '../../../../telemetry/catalogue.ts';
import { CHAIN_CHANNEL, CHAIN_STATUS, TRANSACTION_STATUS } from '../../../chain/src/wire.ts';
import type { BoundedClient } from '../boundedClient.ts';
import type { ChainAccess } from './engine.ts';

/** One chain of the chain service, over HTTP. Rejects with one line when it does not answer as it should. */
export function createChainClient(
  client: BoundedClient,
  chainUrl: string,
  method: SettlementMethod,
): ChainAccess {
  const base = `${chainUrl}/${method}`;

  async function get<S extends z.ZodType>(shape: S, path: string): Promise<z.output<S> | undefined> {
    const { status, body } = await client.get(`${base}${path}`);
    if (status === 404) return undefined;
    if (status !== 200) throw new Error(`the chain answers ${status} to ${path}`);
    return shape.parse(JSON.parse(body));
  }

  return {
    async feeUnits() {
      const status = await get(CHAIN_STATUS, '');
      if (!status) throw new Error(`there is no chain ${method}`);
      return BigInt(status.fee);
    },
    async submit(transaction) {
      const { status, body } = await client.post(`${base}/transactions`, transaction);
      if (status !== 202)
        throw new Error(`the chain does not take a transaction: ${status} ${body.slice(0, 200)}`);
      return TRANSACTION_STATUS.parse(JSON.parse(body));
    },
    transaction: (id) => get(TRANSACTION_STATUS, `/transactions/${id}`),
    channel: (id) => get(CHAIN_CHANNEL, `/channels/${id}`),
    async balance(address, token) {
      const { status, body } = await client.get(`${base}/balances/${address}?token=${token}`);
      if (status !== 200) throw new Error(`the chain answers ${status} to a balance`);
      return BigInt(JSON.parse(body).units);
    },
  };
}
