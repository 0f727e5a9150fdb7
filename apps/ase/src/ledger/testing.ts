import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccountId, AccountSpec } from './types.ts';

/** A folder of its own for a test, and what deletes it. */
export function temporaryFolder(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'ase-test-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function accountSpec(id: AccountId, rest: Partial<AccountSpec> = {}): AccountSpec {
  return { id, assetCode: 'USD', assetScale: 2, minBalanceUnits: 0n, maxBalanceUnits: null, ...rest };
}
