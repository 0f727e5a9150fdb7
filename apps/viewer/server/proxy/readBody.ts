import type { IncomingMessage } from 'node:http';

/** The whole body, if it is a form of at most `maxBytes`. A larger one is not read to its end. */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Buffer | 'tooLarge' | 'unsupported'> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return 'unsupported';
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return 'tooLarge';
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= maxBytes) return;
      request.pause();
      resolve('tooLarge');
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () => reject(new Error('the request was broken off')));
  });
}
