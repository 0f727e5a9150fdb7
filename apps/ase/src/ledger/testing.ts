import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LedgerError, type LedgerErrorCode } from './errors.ts';
import type { AccountId, AccountSpec, LedgerTx } from './types.ts';

/** A folder of its own for a test, and what deletes it. */
export function temporaryFolder(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'ase-test-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function accountSpec(id: AccountId, rest: Partial<AccountSpec> = {}): AccountSpec {
  return { id, assetCode: 'USD', assetScale: 2, minBalanceUnits: 0n, maxBalanceUnits: null, ...rest };
}

export const rejectsWith = (code: LedgerErrorCode, work: Promise<unknown>) =>
  assert.rejects(work, (error) => error instanceof LedgerError && error.code === code);

/** `external` gives freely, alice starts with 100. */
export function openBooks(tx: LedgerTx) {
  tx.openAccount(accountSpec('external:USD', { minBalanceUnits: null }));
  tx.openAccount(accountSpec('wallet:alice'));
  tx.openAccount(accountSpec('wallet:bob', { maxBalanceUnits: 150n }));
  tx.openAccount(accountSpec('wallet:euro', { assetCode: 'EUR' }));
  tx.transfer({
    id: 'opening',
    legs: [{ debit: 'external:USD', credit: 'wallet:alice', amountUnits: 100n }],
  });
}
export const aliceToBob = (id: string, amountUnits: bigint) => ({
  id,
  legs: [{ debit: 'wallet:alice', credit: 'wallet:bob', amountUnits }] as const,
  expiresAtMs: 1,
});
