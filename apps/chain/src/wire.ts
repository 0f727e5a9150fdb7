import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';

/** What chains and those who use them have to agree about: names, shapes, addresses and what is signed. */

export const CHAINS = ['xrp', 'evm'] as const;
export type ChainName = (typeof CHAINS)[number];

/** Amounts are whole numbers of the token's smallest unit, as text; far below 2^53, so that sums stay exact in telemetry. */
const units = z.string().regex(/^(0|[1-9]\d{0,14})$/, 'must be a whole number of units, 0 or more, as text');
const positive = units.refine((text) => text !== '0', 'must be above 0');
const address = z.string().regex(/^(r|0x)[0-9a-f]{40}$/, 'must be an address');
const token = z.string().regex(/^[A-Z]{3,6}$/, 'must be 3 to 6 capital letters');
const signature = z.string().regex(/^[\w-]{86}$/, 'must be an ed25519 signature as base64url');
const channel = z.string().regex(/^[0-9a-f]{32}$/, 'must be the id of a channel');
const nonce = z.int('must be a whole number').min(0).max(1_000_000_000);

const common = {
  /** The sender's address, a colon, and anything: nobody can take another's ids. */
  id: z.string().max(120),
  from: address,
  /** SPKI in DER, as base64url; `from` follows from it. */
  publicKey: z.string().regex(/^[\w-]{59}$/, 'must be an ed25519 public key as base64url'),
  token,
  signature,
};
/** The newest state of a channel that its payer signed: what has been paid in all, and how new that is. */
const state = { channel, nonce, amount: units, claimSignature: signature.nullable() };

export const TRANSACTION = z
  .discriminatedUnion('kind', [
    z.strictObject({ ...common, kind: z.literal('faucet'), amount: positive }),
    z.strictObject({ ...common, kind: z.literal('open'), channel, to: address, amount: positive }),
    z.strictObject({ ...common, kind: z.literal('fund'), channel, amount: positive }),
    z.strictObject({ ...common, kind: z.literal('redeem'), ...state }),
    z.strictObject({ ...common, kind: z.literal('close'), ...state }),
    z.strictObject({ ...common, kind: z.literal('dispute'), ...state }),
  ])
  .refine(({ id, from }) => id.startsWith(`${from}:`) && /^[\w:-]+$/.test(id), {
    path: ['id'],
    error: 'must begin with the sender’s address and a colon',
  });
export type Transaction = z.infer<typeof TRANSACTION>;
type WithoutSignature<T> = T extends unknown ? Omit<T, 'signature'> : never;
export type UnsignedTransaction = WithoutSignature<Transaction>;

export const TRANSACTION_STATUS = z.object({
  id: z.string(),
  /** `included` can still be undone by a reorganisation, `final` and `failed` cannot. */
  state: z.enum(['pending', 'included', 'final', 'failed']),
  block: z.number().nullable(),
  error: z.string().nullable(),
  /** What it cost its sender in the end, failed or not. */
  fee: units,
});
export type TransactionStatus = z.infer<typeof TRANSACTION_STATUS>;

const CHANNEL_STATES = ['open', 'closing', 'disputed', 'closed'] as const;
const CLOSE_REASONS = ['agreed', 'expired', 'disputed'] as const;
export type CloseReason = (typeof CLOSE_REASONS)[number];
export const CHAIN_CHANNEL = z.object({
  id: z.string(),
  from: address,
  to: address,
  publicKey: z.string(),
  token,
  funded: units,
  /** What the payee took out. */
  redeemed: units,
  state: z.enum(CHANNEL_STATES),
  /** The state by which it will be, or was, closed. */
  nonce: z.number(),
  amount: units,
  /** The block at which a closing channel pays out. */
  closesAt: z.number().nullable(),
  /** Of a closed one: the payee agreed, the time for a dispute passed, or there was one. */
  reason: z.enum(CLOSE_REASONS).nullable(),
});
export type ChainChannel = z.infer<typeof CHAIN_CHANNEL>;

export const CHAIN_STATUS = z.object({
  chain: z.enum(CHAINS),
  height: z.number(),
  blockMs: z.number(),
  fee: units,
  confirmations: z.number(),
  challengeBlocks: z.number(),
  reorgs: z.number(),
  waiting: z.number(),
});
export type ChainStatus = z.infer<typeof CHAIN_STATUS>;

export interface Claim {
  channel: string;
  nonce: number;
  /** All that was ever paid through the channel, not what this claim adds. */
  amountUnits: bigint;
}

/** XRPL-like and Ethereum-like at first sight; both are a digest of the key. */
export function addressOf(chain: ChainName, publicKey: string): string {
  const digest = createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex').slice(0, 40);
  return `${chain === 'xrp' ? 'r' : '0x'}${digest}`;
}

export function exportPublicKey(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64url');
}

/** The chain's name is part of what is signed: a claim of one chain is worth nothing on the other. */
export function signClaim(chain: ChainName, claim: Claim, key: KeyObject): string {
  return sign(null, claimBytes(chain, claim), key).toString('base64url');
}

export function isClaimSigned(chain: ChainName, claim: Claim, signature: string, publicKey: string): boolean {
  return isSigned(claimBytes(chain, claim), signature, publicKey);
}

export function signTransaction(
  chain: ChainName,
  unsigned: UnsignedTransaction,
  key: KeyObject,
): Transaction {
  const signature = sign(null, transactionBytes(chain, unsigned), key).toString('base64url');
  return { ...unsigned, signature } as Transaction;
}

/** Whether the sender signed it, and is who its address says. */
export function isTransactionSigned(chain: ChainName, { signature, ...unsigned }: Transaction): boolean {
  return (
    addressOf(chain, unsigned.publicKey) === unsigned.from &&
    isSigned(transactionBytes(chain, unsigned), signature, unsigned.publicKey)
  );
}

function claimBytes(chain: ChainName, { channel, nonce, amountUnits }: Claim): Buffer {
  return Buffer.from(`claim|${chain}|${channel}|${nonce}|${amountUnits}`);
}

function transactionBytes(chain: ChainName, unsigned: UnsignedTransaction): Buffer {
  const members = Object.entries(unsigned).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(`transaction|${chain}|${JSON.stringify(members)}`);
}

function isSigned(bytes: Buffer, signature: string, publicKey: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64url'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType !== 'ed25519') return false;
    return verify(null, bytes, key, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}
