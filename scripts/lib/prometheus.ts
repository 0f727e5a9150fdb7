import { firstLine, get } from './http.ts';

/** One sample of an instant query; the value is Prometheus' own text. */
export interface Sample {
  labels: Record<string, string>;
  value: string;
  timestampSeconds: number;
}

const TIMEOUT_MS = 5000;

/** Asks Prometheus (or a proxy that speaks its API) for an instant vector. */
export async function queryPrometheus(
  baseUrl: string,
  expression: string,
  atSeconds?: number,
): Promise<Sample[]> {
  const { resultType, result } = await ask(baseUrl, expression, atSeconds);
  if (resultType !== 'vector') throw new Error(`expected a vector, got a ${resultType}`);
  return result.map(({ metric, value }) => sampleOf(metric, value!));
}

/** The newest stored sample of each series, with the time at which it was taken. */
export async function queryNewest(
  baseUrl: string,
  selector: string,
  withinSeconds: number,
  atSeconds?: number,
): Promise<Sample[]> {
  const { resultType, result } = await ask(baseUrl, `${selector}[${withinSeconds}s]`, atSeconds);
  if (resultType !== 'matrix') throw new Error(`expected a matrix, got a ${resultType}`);
  return result.map(({ metric, values }) => sampleOf(metric, values!.at(-1)!));
}

type Point = [timestampSeconds: number, value: string];

interface Data {
  resultType: string;
  result: { metric: Record<string, string>; value?: Point; values?: Point[] }[];
}

async function ask(baseUrl: string, expression: string, atSeconds?: number): Promise<Data> {
  const parameters = new URLSearchParams({ query: expression });
  if (atSeconds !== undefined) parameters.set('time', atSeconds.toFixed(3));
  const { status, body } = await get(`${baseUrl}/api/v1/query?${parameters}`, { timeoutMs: TIMEOUT_MS });
  let document: { status?: string; error?: string; data?: Data };
  try {
    document = JSON.parse(body);
  } catch {
    throw new Error(`answers ${status} with something else: ${firstLine(body)}`);
  }
  if (document.status === 'success' && Array.isArray(document.data?.result)) return document.data;
  throw new Error(document.error ?? `answers ${status} without a result`);
}

function sampleOf(labels: Record<string, string>, [timestampSeconds, value]: Point): Sample {
  return { labels, value, timestampSeconds };
}
