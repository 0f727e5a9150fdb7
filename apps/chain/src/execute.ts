import type { DatabaseSync } from 'node:sqlite';
import { type ChainName, type CloseReason, isClaimSigned, type Transaction } from './wire.ts';

/** Why a transaction that the chain took had no effect but its fee. */
export class Failed extends Error {}

export interface ChannelRow {
  id: string;
  payer: string;
  payee: string;
  public_key: string;
  token: string;
  funded: bigint;
  redeemed: bigint;
  state: 'open' | 'closing' | 'disputed' | 'closed';
  nonce: bigint;
  amount: bigint;
  closes_at: bigint | null;
  reason: CloseReason | null;
}

/** The rules of a chain's state: what each kind of transaction does to balances and channels. */
export function createState(db: DatabaseSync, chain: ChainName, challengeBlocks: number) {
  const balance = (address: string, token: string): bigint =>
    (
      db
        .prepare('SELECT units FROM balances WHERE chain = ? AND address = ? AND token = ?')
        .get(chain, address, token) as { units: bigint } | undefined
    )?.units ?? 0n;

  function change(address: string, token: string, by: bigint): void {
    const units = balance(address, token) + by;
    if (units < 0n) throw new Failed('insufficient_funds');
    db.prepare('INSERT OR REPLACE INTO balances VALUES (?, ?, ?, ?)').run(chain, address, token, units);
  }

  function countSupply(token: string, minted: bigint, burnt: bigint): void {
    db.prepare(
      `INSERT INTO supply VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT DO UPDATE SET minted = minted + ?3, burnt = burnt + ?4`,
    ).run(chain, token, minted, burnt);
  }

  const channel = (id: string): ChannelRow | undefined =>
    db.prepare('SELECT * FROM channels WHERE chain = ? AND id = ?').get(chain, id) as unknown as
      | ChannelRow
      | undefined;

  function save(row: ChannelRow): void {
    db.prepare(
      `UPDATE channels SET funded = ?, redeemed = ?, state = ?, nonce = ?, amount = ?, closes_at = ?, reason = ?
       WHERE chain = ? AND id = ?`,
    ).run(
      row.funded,
      row.redeemed,
      row.state,
      row.nonce,
      row.amount,
      row.closes_at,
      row.reason,
      chain,
      row.id,
    );
  }

  function known(id: string, token: string): ChannelRow {
    const row = channel(id);
    if (!row) throw new Failed('unknown_channel');
    if (row.token !== token) throw new Failed('wrong_token');
    if (row.state === 'closed') throw new Failed('closed_channel');
    return row;
  }

  /** The stated state was signed by the payer and is covered by the channel. */
  function verified(
    tx: Extract<Transaction, { kind: 'redeem' | 'close' | 'dispute' }>,
    row: ChannelRow,
  ): bigint {
    const amountUnits = BigInt(tx.amount);
    if (tx.nonce === 0 && amountUnits === 0n) return 0n;
    const claim = { channel: tx.channel, nonce: tx.nonce, amountUnits };
    if (!isClaimSigned(chain, claim, tx.claimSignature ?? '', row.public_key))
      throw new Failed('wrong_signature');
    if (amountUnits > row.funded) throw new Failed('over_funding');
    return amountUnits;
  }

  function payOut(row: ChannelRow, reason: CloseReason): void {
    // What the payee has taken out already stays with it, whatever the closing state says.
    // biome-ignore lint/complexity/useMathMinMax: Math.max() takes no bigint
    const paid = row.amount > row.redeemed ? row.amount : row.redeemed;
    change(row.payee, row.token, paid - row.redeemed);
    change(row.payer, row.token, row.funded - paid);
    save({ ...row, redeemed: paid, amount: paid, state: 'closed', reason });
  }

  return {
    balance,
    channel,

    /** The fee, which is taken even from what fails. Throws when there is not enough for it; then nothing happens. */
    charge(tx: Transaction, feeUnits: bigint): bigint {
      if (tx.kind === 'faucet') return 0n;
      change(tx.from, tx.token, -feeUnits);
      countSupply(tx.token, 0n, feeUnits);
      return feeUnits;
    },

    apply(tx: Transaction, height: number): void {
      switch (tx.kind) {
        case 'faucet': {
          const before = db
            .prepare('SELECT 1 FROM balances WHERE chain = ? AND address = ? AND token = ?')
            .get(chain, tx.from, tx.token);
          if (before) throw new Failed('had_already');
          change(tx.from, tx.token, BigInt(tx.amount));
          countSupply(tx.token, BigInt(tx.amount), 0n);
          return;
        }
        case 'open':
          if (channel(tx.channel)) throw new Failed('channel_exists');
          change(tx.from, tx.token, -BigInt(tx.amount));
          db.prepare(
            `INSERT INTO channels (chain, id, payer, payee, public_key, token, funded, state)
             VALUES (?, ?, ?, ?, ?, ?, ?, 'open')`,
          ).run(chain, tx.channel, tx.from, tx.to, tx.publicKey, tx.token, BigInt(tx.amount));
          return;
        case 'fund': {
          const row = known(tx.channel, tx.token);
          if (row.payer !== tx.from) throw new Failed('not_yours');
          if (row.state !== 'open') throw new Failed('closed_channel');
          change(tx.from, tx.token, -BigInt(tx.amount));
          save({ ...row, funded: row.funded + BigInt(tx.amount) });
          return;
        }
        case 'redeem': {
          const row = known(tx.channel, tx.token);
          if (row.payee !== tx.from) throw new Failed('not_yours');
          const amount = verified(tx, row);
          if (amount <= row.redeemed) throw new Failed('stale_state');
          change(tx.from, tx.token, amount - row.redeemed);
          save({ ...row, redeemed: amount });
          return;
        }
        case 'close': {
          const row = known(tx.channel, tx.token);
          if (row.state !== 'open') throw new Failed('closing_already');
          const amount = verified(tx, row);
          const stated = { ...row, nonce: BigInt(tx.nonce), amount };
          // The payee can only lose by an old state, so its word needs no challenge.
          if (row.payee === tx.from) payOut(stated, 'agreed');
          else if (row.payer === tx.from)
            save({ ...stated, state: 'closing', closes_at: BigInt(height + challengeBlocks) });
          else throw new Failed('not_yours');
          return;
        }
        case 'dispute': {
          const row = known(tx.channel, tx.token);
          if (row.payee !== tx.from) throw new Failed('not_yours');
          if (row.state === 'open') throw new Failed('not_closing');
          const amount = verified(tx, row);
          if (BigInt(tx.nonce) <= row.nonce) throw new Failed('stale_state');
          save({ ...row, nonce: BigInt(tx.nonce), amount, state: 'disputed' });
          return;
        }
      }
    },

    /** Pays out every channel whose time for a dispute is over. */
    closeDue(height: number): void {
      const due = db
        .prepare(
          `SELECT * FROM channels WHERE chain = ? AND state IN ('closing', 'disputed') AND closes_at <= ?`,
        )
        .all(chain, height) as unknown as ChannelRow[];
      for (const row of due) payOut(row, row.state === 'disputed' ? 'disputed' : 'expired');
    },

    /** One sentence for each token whose units are not all somewhere. */
    audit(): string[] {
      const rows = db
        .prepare(
          `SELECT token, minted - burnt AS expected,
             (SELECT coalesce(sum(units), 0) FROM balances b WHERE b.chain = s.chain AND b.token = s.token) +
             (SELECT coalesce(sum(funded - redeemed), 0) FROM channels c
              WHERE c.chain = s.chain AND c.token = s.token AND c.state <> 'closed') AS found
           FROM supply s WHERE chain = ?`,
        )
        .all(chain) as Array<{ token: string; expected: bigint; found: bigint }>;
      return rows
        .filter(({ expected, found }) => expected !== found)
        .map(({ token, expected, found }) => `${chain}: of ${expected} units of ${token} ${found} are there`);
    },
  };
}
