/** Raised with every change of the tables below; a file with a higher version is not opened. */
export const SCHEMA_VERSION = 1;

// Accounts go by number inside the file: a leg then takes a dozen bytes, not a hundred.
export const SCHEMA = `
  CREATE TABLE accounts (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    asset_code TEXT NOT NULL,
    asset_scale INTEGER NOT NULL,
    min_balance_units INTEGER,
    max_balance_units INTEGER,
    pending_debit_units INTEGER NOT NULL DEFAULT 0 CHECK (pending_debit_units >= 0),
    pending_credit_units INTEGER NOT NULL DEFAULT 0 CHECK (pending_credit_units >= 0),
    posted_debit_units INTEGER NOT NULL DEFAULT 0 CHECK (posted_debit_units >= 0),
    posted_credit_units INTEGER NOT NULL DEFAULT 0 CHECK (posted_credit_units >= 0),
    -- What posted transfers contributed that have since been folded away (fold.ts).
    folded_debit_units INTEGER NOT NULL DEFAULT 0,
    folded_credit_units INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE transfers (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('pending', 'posted', 'voided')),
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER,
    posted_at_ms INTEGER
  ) STRICT;

  CREATE TABLE legs (
    transfer INTEGER NOT NULL,
    position INTEGER NOT NULL,
    debit INTEGER NOT NULL,
    credit INTEGER NOT NULL,
    amount_units INTEGER NOT NULL CHECK (amount_units >= 0),
    PRIMARY KEY (transfer, position)
  ) STRICT, WITHOUT ROWID;

  -- The books in words, for queries and for people.
  CREATE VIEW postings AS
    SELECT transfers.id AS transfer_id, transfers.posted_at_ms, debited.id AS debit, credited.id AS credit,
      legs.amount_units
    FROM transfers
    JOIN legs ON legs.transfer = transfers.number
    JOIN accounts debited ON debited.number = legs.debit
    JOIN accounts credited ON credited.number = legs.credit
    WHERE transfers.state = 'posted';

  CREATE TABLE totals (
    quantity TEXT NOT NULL,
    labels TEXT NOT NULL,
    value INTEGER NOT NULL CHECK (value >= 0),
    PRIMARY KEY (quantity, labels)
  ) STRICT, WITHOUT ROWID;
`;
