/** How a row is found: by a text or by a number of its own. */
export type RowKey = string | bigint;

/**
 * The rows that one group commit works on: each is read once, changed in memory and written once, however many pieces of
 * work touch it. A piece that fails leaves them as they were before it.
 */
export interface RowCache<Row extends object> {
  get(key: RowKey): Row | undefined;
  /** Takes a row that was just read or inserted. */
  add(row: Row): Row;
  /** To be called before a row is changed. */
  willChange(row: Row): void;
  beginPiece(): void;
  undoPiece(): void;
  /** Writes what this commit has changed so far. */
  flush(): void;
  /** Forgets everything: the next commit reads anew. */
  clear(): void;
}

export function createRowCache<Row extends object>({
  keysOf,
  changeable,
  write,
}: {
  keysOf(row: Row): readonly RowKey[];
  /** A copy of all that may change in a row. */
  changeable(row: Row): Partial<Row>;
  write(row: Row): void;
}): RowCache<Row> {
  const rows = new Map<RowKey, Row>();
  const changed = new Set<Row>();
  /** Of the piece that runs: what it brought in, and what the others were before it. */
  let added: Row[] = [];
  const before = new Map<Row, Partial<Row>>();

  function forgetPiece(): void {
    if (added.length > 0) added = [];
    before.clear();
  }

  return {
    get: (key) => rows.get(key),
    add(row) {
      for (const key of keysOf(row)) rows.set(key, row);
      added.push(row);
      return row;
    },
    willChange(row) {
      if (!before.has(row)) before.set(row, changeable(row));
      changed.add(row);
    },
    beginPiece: forgetPiece,
    undoPiece() {
      for (const [row, was] of before) Object.assign(row, was);
      // One that the piece itself inserted is gone with it.
      for (const row of added) {
        for (const key of keysOf(row)) rows.delete(key);
        changed.delete(row);
      }
      forgetPiece();
    },
    flush() {
      // They stay changed: a piece that is undone takes with it what was written meanwhile.
      for (const row of changed) write(row);
    },
    clear() {
      rows.clear();
      changed.clear();
      forgetPiece();
    },
  };
}
