import type { AssetRef } from './connector/types.ts';
import type { AccountId, Ledger } from './ledger/types.ts';
import type { WalletSettings } from './settings.ts';

/** Where a wallet's opening money comes from: outside of the books, so without limits. */
const externalAccount = ({ assetCode }: AssetRef): AccountId => `external:${assetCode}`;
export const feesAccount = ({ assetCode }: AssetRef): AccountId => `fees:${assetCode}`;

/** Opens the ASE's own accounts and, the first time only, fills each wallet. */
export function openWallets(
  ledger: Ledger,
  asset: AssetRef,
  wallets: readonly WalletSettings[],
): Promise<void> {
  const limits = { minBalanceUnits: 0n, maxBalanceUnits: null };
  return ledger.commit((tx) => {
    tx.openAccount({ id: externalAccount(asset), ...asset, minBalanceUnits: null, maxBalanceUnits: null });
    tx.openAccount({ id: feesAccount(asset), ...asset, ...limits });
    for (const { name, openingUnits } of wallets) {
      const id: AccountId = `wallet:${name}`;
      if (tx.account(id)) continue;
      tx.openAccount({ id, ...asset, ...limits });
      if (openingUnits === 0n) continue;
      const legs = [{ debit: externalAccount(asset), credit: id, amountUnits: openingUnits }];
      tx.transfer({ id: `opening:${name}`, legs });
    }
  });
}
