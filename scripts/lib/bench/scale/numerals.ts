/** Whole, with thousands apart. */
export function digits(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ' ');
}

/** What is calculated is no better than two digits. */
export function some(value: number): string {
  return digits(Number(value.toPrecision(2)));
}

/** Three digits that count. */
export function short(value: number): string {
  const rounded = Number(value.toPrecision(3));
  return Math.abs(rounded) >= 1000 ? digits(rounded) : String(rounded);
}

/** Of milliseconds. */
export function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(2);
}
