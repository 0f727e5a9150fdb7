import type { IncomingMessage } from 'node:http';

/** A body that is not taken; `code` says why. */
export class BodyRefused extends Error {
  readonly code: 'too_large' | 'malformed';
  constructor(code: BodyRefused['code']) {
    super(code);
    this.name = 'BodyRefused';
    this.code = code;
  }
}

/** Whether a body says that it is JSON in UTF-8, and not compressed. */
export function isPlainJson({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = headers;
  return /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type) && encoding === 'identity';
}

/** Reads a body of JSON, and never holds more of it than `maxBytes`. Rejects with a BodyRefused. */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw new BodyRefused('too_large');
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new BodyRefused('too_large');
      chunks.push(chunk);
    }
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch (error) {
    // Cut off, no UTF-8 or no JSON.
    throw error instanceof BodyRefused ? error : new BodyRefused('malformed');
  }
}
