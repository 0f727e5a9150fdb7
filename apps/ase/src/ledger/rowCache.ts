/** Far more than the payments and peers of one commit need. */
const MOST_ROWS = 2_000;

/** How a row is found: by a text or by a number of its own. */
export type RowKey = string | bigint;

/**
 * The rows that group commits work on: each is read once, changed in memory and written once a commit, however many pieces
 * of work touch it. A piece that fails leaves them as they were before it. They are kept from commit to commit: nobody
 * else writes to the file while it is open.
 */
export interface RowCache<Row extends object> {
  get(key: RowKey): Row | undefined;
  /** Takes a row that was just read or inserted. */
  add(row: Row): Row;
  /** To be called before a row is changed. */
  willChange(row: Row): void;
  beginCommit(): void;
  beginPiece(): void;
  undoPiece(): void;
  /** Writes what this commit has changed so far. */
  flush(): void;
  /** Forgets everything, as is right when a commit failed: the next one reads anew. */
  clear(): void;
}

export function createRowCache<Row extends object>({
  keysOf,
  changeable,
  write,
  most = MOST_ROWS,
}: {
  keysOf(row: Row): readonly RowKey[];
  /** A copy of all that may change in a row. */
  changeable(row: Row): Partial<Row>;
  write(row: Row): void;
  /** With more keys than this at its begin a commit starts with none. */
  most?: number;
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
    beginCommit() {
      changed.clear();
      if (rows.size > most) rows.clear();
      forgetPiece();
    },
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
