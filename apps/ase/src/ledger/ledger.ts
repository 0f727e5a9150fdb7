import { accountInCommit, findAccount, listAccounts, openAccount } from './accounts.ts';
import { audit } from './audit.ts';
import { type Books, createBooks } from './books.ts';
import { type Database, openDatabase } from './database.ts';
import type { LedgerError } from './errors.ts';
import { createFolding } from './fold.ts';
import { createGathered, type Gathered } from './gathered.ts';
import { createGroupCommit } from './groupCommit.ts';
import { addTotal, listTotals } from './totals.ts';
import { postAtOnce, postTransfer, prepareTransfer, voidTransfer } from './transfers.ts';
import type { Ledger, LedgerTx } from './types.ts';

export interface LedgerOptions {
  /** The file of the ledger, made when it is not there. One process at a time can have it open. */
  file: string;
  /** The wall clock, in milliseconds. */
  now?: () => number;
  /** How many finished transfers stay in detail; older ones are folded into their accounts' sums. */
  keepTransfers?: number;
  /** The disk refused a sync, and all further work is refused: the process has to end. Without it, it ends by a throw. */
  onLost?: (error: LedgerError) => void;
}

// About 40 MB of file. The audit reads them all, and nothing else happens meanwhile.
const KEEP_TRANSFERS = 200_000;

/**
 * Opens the books. Throws a LedgerError: `locked` (another process has them), `newer_schema` (a newer program
 * wrote them) or `unavailable` (no such folder, no space, not a ledger).
 */
export function createLedger({
  file,
  now = Date.now,
  keepTransfers = KEEP_TRANSFERS,
  onLost = (error) => {
    throw error;
  },
}: LedgerOptions): Ledger {
  const db = openDatabase(file);
  const books = createBooks(db);
  const fold = createFolding(db, keepTransfers);
  let nowMs = now();
  const gathered = createGathered(db);
  const tx = createTx(books, gathered, () => nowMs);
  const group = createGroupCommit(db, tx, {
    before() {
      nowMs = now();
      books.beginCommit();
      gathered.beginCommit();
    },
    beforePiece() {
      books.beginPiece();
      gathered.beginPiece();
    },
    undoPiece() {
      books.undoPiece();
      gathered.undoPiece();
    },
    after() {
      books.flush();
      gathered.flush();
      fold();
    },
    undo: books.undoCommit,
    onLost,
  });

  /** For reads: work in a commit may read past its tx too, and finds what was done before it. */
  function upToDate(): Database {
    if (db.inTransaction()) books.flush();
    return db;
  }

  return {
    define: (schema) => db.exec(schema),
    commit: group.commit,
    read: {
      account: (id) => findAccount(upToDate(), id),
      get: (statement, ...parameters) => upToDate().get(statement, ...parameters),
      all: (statement, ...parameters) => upToDate().all(statement, ...parameters),
    },
    accounts: (kind) => listAccounts(upToDate(), kind),
    totals: () => listTotals(upToDate()),
    audit: () => audit(upToDate()),
    async close() {
      group.close();
      db.close();
    },
  };
}

function createTx(books: Books, gathered: Gathered, commitTimeMs: () => number): LedgerTx {
  /** A tx kept beyond its work would write outside of any commit: that is a mistake of the caller. */
  function inCommit(): Books {
    if (!books.inTransaction()) throw new Error('This ledger transaction is over');
    return books;
  }
  return {
    openAccount: (spec) => openAccount(inCommit(), spec),
    account: (id) => accountInCommit(inCommit(), id),
    prepare: (transfer) => prepareTransfer(inCommit(), transfer, commitTimeMs()),
    post: (id) => postTransfer(inCommit(), id, commitTimeMs()),
    void: (id) => voidTransfer(inCommit(), id),
    transfer: (transfer) => postAtOnce(inCommit(), transfer, commitTimeMs()),
    addTotal: (increment) => addTotal(inCommit(), increment),
    gather(write, item) {
      inCommit();
      gathered.add(write, item);
    },
    get nowMs() {
      return commitTimeMs();
    },
    sql: {
      run: (statement, ...parameters) => inCommit().run(statement, ...parameters),
      get: (statement, ...parameters) => inCommit().get(statement, ...parameters),
      all: (statement, ...parameters) => inCommit().all(statement, ...parameters),
    },
  };
}
