import { z } from 'zod';
import { RATES, type Rates } from './rates.ts';

/**
 * Rates of an HTTP source, in one of two forms: `{rates: {EUR: {USD: "1.10"}}}`, as this service answers, or
 * `{base: "USD", rates: {EUR: 0.91}}`, as Rafiki's file and most public services have it. Rejects with a reason.
 */
export async function fetchRates(
  url: string,
  limits: { timeoutMs: number; maxBytes: number },
): Promise<Rates> {
  return parseSource(await fetchText(url, limits));
}

/** Throws an error that names every problem. */
export function parseSource(body: string): Rates {
  // Numbers stay the text that they were: no digit is lost in a double.
  const content: unknown = JSON.parse(body, (_key, value, context?: { source?: string }) =>
    typeof value === 'number' ? plainDecimal(context?.source ?? String(value)) : value,
  );
  const parsed = SOURCE.safeParse(content);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  const rates = 'base' in parsed.data ? { [parsed.data.base]: parsed.data.rates } : parsed.data.rates;
  return RATES.parse(rates);
}

const CODE = z.string().regex(/^[A-Z]{3,6}$/, 'must be 3 to 6 capital letters');
const SOURCE = z.union([
  z.object({ base: CODE, rates: z.record(CODE, z.string()) }),
  z.object({ rates: z.record(CODE, z.record(CODE, z.string())) }),
]);
const MAX_DECIMALS = 18;

/** `9.1e-3` as `0.0091`, and no more decimals than a rate may have; anything else stays as it is. */
function plainDecimal(text: string): string {
  const [, whole = '', decimals = '', exponent = '0'] =
    /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,2}))?$/.exec(text) ?? [];
  if (whole === '') return text;
  const shift = Number(exponent);
  const digits = `${'0'.repeat(Math.max(0, -shift))}${whole}${decimals}${'0'.repeat(Math.max(0, shift))}`;
  const point = digits.length - decimals.length - Math.max(0, shift) + shift;
  const shifted = `${digits.slice(0, point)}.${digits.slice(point)}`;
  const [left = '', right = ''] = shifted.split('.');
  return `${left.replace(/^0+(?=\d)/, '')}.${right.slice(0, MAX_DECIMALS)}`.replace(/\.$/, '');
}

/** node:http, not fetch(): this process is small. */
function fetchText(
  url: string,
  { timeoutMs, maxBytes }: { timeoutMs: number; maxBytes: number },
): Promise<string> {
  // Not imported: an import of either also loads fetch, 14 MiB that this small process never uses.
  const { get } = process.getBuiltinModule(url.startsWith('https:') ? 'node:https' : 'node:http');
  return new Promise((resolve, reject) => {
    const options = {
      agent: false as const,
      signal: AbortSignal.timeout(timeoutMs),
      headers: { accept: 'application/json' },
    };
    const refuse = (why: string) => {
      reject(new Error(why));
      request.destroy();
    };
    const request = get(url, options, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      if (response.statusCode !== 200) {
        refuse(`answers ${response.statusCode}`);
        return;
      }
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxBytes) refuse(`answers more than ${maxBytes} bytes`);
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    });
    request.on('error', (error) =>
      reject(
        error.name === 'AbortError' || error.name === 'TimeoutError'
          ? new Error(`no answer within ${timeoutMs} ms`)
          : error,
      ),
    );
  });
}
