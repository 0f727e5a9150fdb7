import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { SettlementMethod } from '../../../../telemetry/catalogue.ts';
import {
  addressOf,
  exportPublicKey,
  signClaim,
  signTransaction,
  type Transaction,
  type UnsignedTransaction,
} from '../../../chain/src/wire.ts';
import type { ChainChannel, Outcome, SettlementEngine, TransactionStatus } from './types.ts';

/** A chain at the other end of a wire, or in a test in the same process. */
export interface ChainAccess {
  feeUnits(): Promise<bigint>;
  submit(transaction: Transaction): Promise<TransactionStatus>;
  transaction(id: string): Promise<TransactionStatus | undefined>;
  channel(id: string): Promise<ChainChannel | undefined>;
  balance(address: string, token: string): Promise<bigint>;
}

/**
 * Both engines. They differ in when they believe a transaction: on `xrp` a validated ledger is the last word, on `evm` a
 * block can be undone, so a transaction in one is still waiting, and may wait for a block once more.
 */
export function createEngine(options: {
  method: SettlementMethod;
  access: ChainAccess;
  /** The ASE's private key, PKCS8 in DER. */
  key: Buffer;
}): SettlementEngine {
  const { method, access } = options;
  const key: KeyObject = createPrivateKey({ key: options.key, format: 'der', type: 'pkcs8' });
  const address = addressOf(method, exportPublicKey(key));
  let feeUnits: bigint | undefined;

  return {
    method,
    address,
    async feeUnits() {
      feeUnits ??= await access.feeUnits();
      return feeUnits;
    },
    async submit(transaction: UnsignedTransaction) {
      await access.submit(signTransaction(method, transaction, key));
    },
    async outcome(id): Promise<Outcome> {
      const status = await access.transaction(id);
      if (!status) return { state: 'unknown' };
      const { state, block, fee, error } = status;
      if (state === 'final') return { state: 'done', feeUnits: BigInt(fee), error };
      if (state === 'failed') return { state: 'failed', feeUnits: BigInt(fee), error };
      return { state: 'waiting', block: state === 'included' ? block : null };
    },
    channel: access.channel,
    balance: (token) => access.balance(address, token),
    signClaim: (claim) => signClaim(method, claim, key),
  };
}
