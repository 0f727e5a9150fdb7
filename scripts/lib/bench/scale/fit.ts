/** A curve through measured points, and how well it goes through them. */
export interface Fit {
  /** `linear`: y = a + b·x; `power`: y = a·x^b. */
  kind: 'linear' | 'power';
  a: number;
  b: number;
  /** Coefficient of determination: 1 where all points are on the curve; of a power law on the logarithms. */
  r2: number;
  points: number;
}

export interface Point {
  x: number;
  y: number;
}

/**
 * The straight line of least squares.
 * @throws RangeError with fewer than two different x
 */
export function fitLinear(points: readonly Point[]): Fit {
  const meanX = mean(points.map(({ x }) => x));
  const meanY = mean(points.map(({ y }) => y));
  const spreadX = sum(points.map(({ x }) => (x - meanX) ** 2));
  if (!(spreadX > 0)) throw new RangeError('a line needs points at two different x');
  const b = sum(points.map(({ x, y }) => (x - meanX) * (y - meanY))) / spreadX;
  const a = meanY - b * meanX;
  const residual = sum(points.map(({ x, y }) => (y - a - b * x) ** 2));
  const total = sum(points.map(({ y }) => (y - meanY) ** 2));
  return { kind: 'linear', a, b, r2: total === 0 ? 1 : 1 - residual / total, points: points.length };
}

/**
 * The power law of least squares, which is a straight line through the logarithms: a factor wrong costs as much at
 * the small end as at the large.
 * @throws RangeError for points at or below 0, or at fewer than two different x
 */
export function fitPower(points: readonly Point[]): Fit {
  if (points.some(({ x, y }) => !(x > 0 && y > 0))) throw new RangeError('logarithms need points above 0');
  const { a, b, r2 } = fitLinear(points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) })));
  return { kind: 'power', a: Math.exp(a), b, r2, points: points.length };
}

export function valueAt({ kind, a, b }: Fit, x: number): number {
  return kind === 'linear' ? a + b * x : a * x ** b;
}

/** Where the curve reaches y; Infinity when it never does. */
export function reachedAt({ kind, a, b }: Fit, y: number): number {
  if (!(b > 0)) return Number.POSITIVE_INFINITY;
  return kind === 'linear' ? Math.max(0, (y - a) / b) : (y / a) ** (1 / b);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
