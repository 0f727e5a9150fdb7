import type { TxSql } from './types.ts';

/** Writes what the pieces of one commit left for it. */
export type WriteGathered<Item> = (sql: TxSql, items: readonly Item[]) => void;

/** What pieces of work leave for one write at the end of their commit. A piece that fails takes back what it left. */
export interface Gathered {
  add<Item>(write: WriteGathered<Item>, item: Item): void;
  beginCommit(): void;
  beginPiece(): void;
  undoPiece(): void;
  /** Calls each `write` that something was left for. */
  flush(): void;
}

export function createGathered(sql: TxSql): Gathered {
  const lists = new Map<WriteGathered<never>, unknown[]>();
  /** Those that the piece that runs has added to, once for each item. */
  let ofPiece: unknown[][] = [];

  function forgetPiece(): void {
    if (ofPiece.length > 0) ofPiece = [];
  }

  return {
    add(write, item) {
      const list = lists.get(write) ?? [];
      if (list.length === 0) lists.set(write, list);
      list.push(item);
      ofPiece.push(list);
    },
    beginCommit() {
      lists.clear();
      forgetPiece();
    },
    beginPiece: forgetPiece,
    undoPiece() {
      for (const list of ofPiece) list.pop();
      forgetPiece();
    },
    flush() {
      for (const [write, items] of lists) if (items.length > 0) write(sql, items as never[]);
    },
  };
}
