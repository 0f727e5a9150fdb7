import type { Programs } from './component.ts';
import type { Secrets } from './state.ts';
import { ensureTools } from './tools/ensure.ts';

export async function preparePrograms({
  say,
  signal,
}: {
  grafana: boolean;
  secrets: Secrets;
  say: (line: string) => void;
  signal: AbortSignal;
}): Promise<Programs> {
  const { otelcol, prometheus } = await ensureTools(['otelcol', 'prometheus'], { say, signal });
  return { node: process.execPath, otelcol, prometheus };
}
