/**
 * One spelling for each number, so that values of different programs can be compared as text without a float in
 * between: `1.5e+3`, `1500.0` and `1500` are all `1500`. NaN and infinities stay as they are; text that is no
 * number is undefined.
 */
export function canonicalNumeral(text: string): string | undefined {
  const trimmed = text.trim();
  if (/^[+-]?inf(inity)?$/i.test(trimmed)) return trimmed.startsWith('-') ? '-Inf' : '+Inf';
  if (/^nan$/i.test(trimmed)) return 'NaN';
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(trimmed);
  const [, sign, whole = '', fraction = '', exponent = '0'] = match ?? [];
  if (!match || whole + fraction === '') return undefined;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const padded =
    point > digits.length
      ? digits.padEnd(point, '0')
      : digits.padStart(digits.length - Math.min(0, point), '0');
  const split = Math.max(0, point);
  const integer = padded.slice(0, split).replace(/^0+/, '') || '0';
  const decimals = padded.slice(split).replace(/0+$/, '');
  const plain = decimals === '' ? integer : `${integer}.${decimals}`;
  return sign === '-' && plain !== '0' ? `-${plain}` : plain;
}
