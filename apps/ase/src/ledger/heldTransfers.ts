/** What the second phase of a transfer needs of the first. */
export interface HeldTransfer {
  number: bigint;
  legs: readonly HeldLeg[];
}

export interface HeldLeg {
  debit: bigint;
  credit: bigint;
  amount_units: bigint;
}

/**
 * Transfers that this process prepared and that are still pending, so that their second phase need not read them. Only a
 * shortcut: who finds one here has to make sure that the file has it too, because the commit that made it may have failed.
 */
export interface HeldTransfers {
  keep(id: string, transfer: HeldTransfer): void;
  take(id: string): HeldTransfer | undefined;
}

/** Twice as many as packets can be under way; the oldest go first. */
const MOST = 20_000;

export function createHeldTransfers(most: number = MOST): HeldTransfers {
  const held = new Map<string, HeldTransfer>();
  return {
    keep(id, transfer) {
      if (held.size >= most) held.delete(held.keys().next().value!);
      held.set(id, transfer);
    },
    take(id) {
      const transfer = held.get(id);
      if (transfer) held.delete(id);
      return transfer;
    },
  };
}
