import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Ledger, LedgerTx } from '../ledger/types.ts';
import { ApiError, invalidRequest } from './errors.ts';

/** What a write answers, decided inside its commit. */
interface Answer {
  status: number;
  body: object;
  /** Runs after the commit; not when an earlier answer is given again. */
  afterCommit?: () => void;
}

export interface Idempotency {
  /** Answers again what this key was answered before. Undefined: it is new, or the request has no key. */
  replay(request: Request): { status: number; answer: string } | undefined;
  /** Runs a write in one commit with its stored answer, and sends the answer. */
  write(request: Request, response: Response, work: (tx: LedgerTx) => Answer): Promise<void>;
  /** Forgets keys older than a day. */
  prune(): Promise<unknown>;
}

const KEPT_MS = 24 * 60 * 60 * 1000;
const MAX_KEY_LENGTH = 255;

/**
 * A write with an `Idempotency-Key` happens once: asked again with the same body it gets the same answer, also
 * after a restart. The same key with another request is a 409. Refused writes are not kept: they changed nothing.
 */
export function createIdempotency(ledger: Ledger, nowMs: () => number = Date.now): Idempotency {
  function find(reader: Pick<Ledger['read'], 'get'>, { key, hash }: Key): StoredAnswer | undefined {
    const row = reader.get<{ request_hash: string; status: bigint; answer: string }>(
      'SELECT request_hash, status, answer FROM idempotency_keys WHERE key = ? AND created_at_ms > ?',
      key,
      BigInt(nowMs() - KEPT_MS),
    );
    if (!row) return undefined;
    if (row.request_hash !== hash) {
      throw new ApiError(409, 'idempotency_key_reused', 'This Idempotency-Key belongs to another request');
    }
    return { status: Number(row.status), answer: row.answer };
  }

  return {
    replay(request) {
      const key = readKey(request);
      return key && find(ledger.read, key);
    },

    async write(request, response, work) {
      const key = readKey(request);
      const { status, answer, afterCommit } = await ledger.commit((tx) => {
        // Looked up again here: two requests with one key may have come at the same time.
        const stored = key && find(tx.sql, key);
        if (stored) return { ...stored, afterCommit: undefined };
        const fresh = work(tx);
        const text = JSON.stringify(fresh.body);
        if (key) {
          tx.sql.run(
            'INSERT OR REPLACE INTO idempotency_keys (key, request_hash, status, answer, created_at_ms) VALUES (?, ?, ?, ?, ?)',
            key.key,
            key.hash,
            BigInt(fresh.status),
            text,
            BigInt(nowMs()),
          );
        }
        return { status: fresh.status, answer: text, afterCommit: fresh.afterCommit };
      });
      afterCommit?.();
      sendAnswer(response, status, answer);
    },

    prune: () =>
      ledger.commit((tx) =>
        tx.sql.run('DELETE FROM idempotency_keys WHERE created_at_ms <= ?', BigInt(nowMs() - KEPT_MS)),
      ),
  };
}

export function sendAnswer(response: Response, status: number, answer: string): void {
  response.status(status).type('application/json').send(answer);
}

interface Key {
  key: string;
  hash: string;
}
interface StoredAnswer {
  status: number;
  answer: string;
}

function readKey(request: Request): Key | undefined {
  const key = request.get('idempotency-key');
  if (key === undefined) return undefined;
  if (key === '' || key.length > MAX_KEY_LENGTH) {
    throw invalidRequest([
      { field: 'Idempotency-Key', reason: `must have 1 to ${MAX_KEY_LENGTH} characters` },
    ]);
  }
  const hash = createHash('sha256')
    .update(`${request.method} ${request.originalUrl}\n${JSON.stringify(request.body ?? null)}`)
    .digest('base64');
  return { key, hash };
}
