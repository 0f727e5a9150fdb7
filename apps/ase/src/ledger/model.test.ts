import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { LedgerError } from './errors.ts';
import { createLedger } from './ledger.ts';
import { accountSpec } from './testing.ts';
import type { AccountId, LedgerTx, TransferLeg } from './types.ts';

const ACCOUNTS = [
  accountSpec('external:USD', { minBalanceUnits: null }),
  accountSpec('wallet:a', { maxBalanceUnits: 300n }),
  accountSpec('wallet:b', { minBalanceUnits: -50n }),
  accountSpec('wallet:c'),
];

type Operation =
  | { kind: 'prepare' | 'transfer'; id: string; legs: TransferLeg[] }
  | { kind: 'post' | 'void'; id: string };

const id = fc.constantFrom('t0', 't1', 't2', 't3', 't4', 't5', 't6', 't7');
const account = fc.constantFrom(...ACCOUNTS.map((spec) => spec.id), 'wallet:unknown' as AccountId);
const leg: fc.Arbitrary<TransferLeg> = fc.record({
  debit: account,
  credit: account,
  amountUnits: fc.bigInt({ min: -1n, max: 120n }),
});
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('prepare' as const, 'transfer' as const),
    id,
    legs: fc.array(leg, { maxLength: 3 }),
  }),
  fc.record({ kind: fc.constantFrom('post' as const, 'void' as const), id }),
);

/** The ledger's rules once more, in memory and without any cleverness. */
class Model {
  accounts = new Map(ACCOUNTS.map((spec) => [spec.id, { spec, balance: 0n, debits: 0n, credits: 0n }]));
  transfers = new Map<string, { state: string; legs: TransferLeg[] }>();

  /** Does it and returns true, or changes nothing and returns false. */
  apply(operation: Operation): boolean {
    const before = structuredClone({ accounts: this.accounts, transfers: this.transfers });
    const done = this.#try(operation);
    if (!done) Object.assign(this, before);
    return done;
  }

  #try(operation: Operation): boolean {
    const known = this.transfers.get(operation.id);
    if (!('legs' in operation)) {
      if (known?.state !== 'pending') return false;
      known.state = operation.kind;
      for (const { debit, credit, amountUnits } of known.legs) {
        this.accounts.get(debit)!.debits -= amountUnits;
        this.accounts.get(credit)!.credits -= amountUnits;
        if (operation.kind === 'post') this.#move(debit, credit, amountUnits);
      }
      return true;
    }
    if (known || operation.legs.length === 0) return false;
    this.transfers.set(operation.id, {
      state: operation.kind === 'prepare' ? 'pending' : 'post',
      legs: operation.legs,
    });
    return operation.legs.every(({ debit, credit, amountUnits }) => {
      const from = this.accounts.get(debit);
      const to = this.accounts.get(credit);
      if (!from || !to || from === to || amountUnits < 0n) return false;
      const { minBalanceUnits: min } = from.spec;
      const { maxBalanceUnits: max } = to.spec;
      if (min !== null && from.balance - from.debits - amountUnits < min) return false;
      if (max !== null && to.balance + to.credits + amountUnits > max) return false;
      if (operation.kind === 'transfer') this.#move(debit, credit, amountUnits);
      else {
        from.debits += amountUnits;
        to.credits += amountUnits;
      }
      return true;
    });
  }

  #move(debit: AccountId, credit: AccountId, amountUnits: bigint): void {
    this.accounts.get(debit)!.balance -= amountUnits;
    this.accounts.get(credit)!.balance += amountUnits;
  }
}

function perform(tx: LedgerTx, operation: Operation): void {
  if (!('legs' in operation)) tx[operation.kind](operation.id);
  else if (operation.kind === 'transfer') tx.transfer(operation);
  else tx.prepare({ ...operation, expiresAtMs: 1 });
}

it('does what a simple model of it does, whatever the operations and however they are grouped', async () => {
  await fc.assert(
    // One inner array is one event-loop turn, so one group commit.
    fc.asyncProperty(
      fc.array(fc.array(operation, { minLength: 1, maxLength: 4 }), { maxLength: 25 }),
      async (turns) => {
        const ledger = createLedger({ file: ':memory:' });
        await ledger.commit((tx) => void ACCOUNTS.map((spec) => tx.openAccount(spec)));
        const model = new Model();
        for (const turn of turns) {
          const results = await Promise.allSettled(
            turn.map((one) => ledger.commit((tx) => perform(tx, one))),
          );
          for (const [index, result] of results.entries()) {
            assert.equal(
              result.status === 'fulfilled',
              model.apply(turn[index]!),
              JSON.stringify(turn[index], bigints),
            );
            if (result.status === 'rejected')
              assert.ok(result.reason instanceof LedgerError, String(result.reason));
          }
          for (const { id, balanceUnits, pendingDebitUnits, pendingCreditUnits } of ledger.accounts()) {
            const { balance, debits, credits } = model.accounts.get(id)!;
            assert.deepEqual(
              [balanceUnits, pendingDebitUnits, pendingCreditUnits],
              [balance, debits, credits],
              id,
            );
          }
        }
        assert.deepEqual(ledger.audit(), []);
        await ledger.close();
      },
    ),
    { numRuns: 150 },
  );
});

const bigints = (_key: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value);
