import type { AssetRef } from '../connector/types.ts';
import type { AccountId, Ledger, LedgerTx } from '../ledger/types.ts';
import { PaymentsError } from './errors.ts';
import type { Quote } from './quotes.ts';

export const paymentAccount = (id: string): AccountId => `payment:${id}`;
export const walletAccount = (wallet: string): AccountId => `wallet:${wallet}`;

/** Moves what a quote may cost at most from its wallet to the payment's own account. */
export function fund(tx: LedgerTx, id: string, quote: Quote, asset: AssetRef): void {
  const wallet = tx.account(walletAccount(quote.wallet));
  const spendable = wallet ? wallet.balanceUnits - wallet.pendingDebitUnits : 0n;
  if (spendable < quote.debitUnits) {
    const reason = `The wallet has ${spendable}, the payment needs ${quote.debitUnits}`;
    throw new PaymentsError('insufficient_funds', reason);
  }
  const account = { id: paymentAccount(id), ...asset, minBalanceUnits: 0n, maxBalanceUnits: null };
  tx.openAccount(account);
  const legs = [{ debit: walletAccount(quote.wallet), credit: account.id, amountUnits: quote.debitUnits }];
  tx.transfer({ id: `payment-fund:${id}`, legs });
}

/** What has left the payment's account for good, before the end of the payment. */
export function sentSoFar(read: Ledger['read'], id: string, quote: Quote): bigint {
  const account = read.account(paymentAccount(id));
  return account ? quote.debitUnits - account.balanceUnits : 0n;
}
