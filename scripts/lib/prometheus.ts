import { messageOf } from './errors.ts';
import { firstLine, get } from './http.ts';

/** One sample of an instant query; the value is Prometheus' own text. */
export interface Sample {
  labels: Record<string, string>;
  value: string;
  timestampSeconds: number;
}

const TIMEOUT_MS = 5000;

/** Asks Prometheus (or a proxy that speaks its API) for an instant vector. */
export async function queryPrometheus(baseUrl: string, expression: string): Promise<Sample[]> {
  const { status, body } = await get(`${baseUrl}/api/v1/query?query=${encodeURIComponent(expression)}`, {
    timeoutMs: TIMEOUT_MS,
  });
  const answer = parseAnswer(status, body);
  if (answer.resultType !== 'vector') throw new Error(`expected a vector, got a ${answer.resultType}`);
  return answer.result.map(({ metric, value: [timestampSeconds, value] }) => ({
    labels: metric,
    value,
    timestampSeconds,
  }));
}

interface VectorAnswer {
  resultType: string;
  result: { metric: Record<string, string>; value: [number, string] }[];
}

function parseAnswer(status: number, body: string): VectorAnswer {
  try {
    const document = JSON.parse(body) as { status?: string; error?: string; data?: VectorAnswer };
    if (document.status === 'success' && Array.isArray(document.data?.result)) return document.data;
    throw new Error(document.error ?? `answers ${status} without a result`);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new Error(`answers ${status} with something else: ${firstLine(body)}`);
    throw new Error(messageOf(error));
  }
}
