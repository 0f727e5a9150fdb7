import type { Programs } from './component.ts';
import { ensureGrafana } from './grafana.ts';
import { ensureTools } from './tools/ensure.ts';
import { ensureViewerBuilt } from './viewer.ts';

interface Context {
  say: (line: string) => void;
  signal: AbortSignal;
}

/** Finds, downloads or builds, side by side, everything that a playground runs and the repository does not hold. */
export async function preparePrograms(
  { dashboards, core }: { dashboards: 'viewer' | 'grafana'; core: boolean },
  adminPassword: string,
  context: Context,
): Promise<Programs> {
  const [tools, grafana] = await Promise.all([
    ensureTools(['otelcol', 'prometheus', ...(core ? [] : (['alertmanager', 'jaeger'] as const))], context),
    dashboards === 'grafana' ? ensureGrafana(context) : ensureViewerBuilt(context),
  ]);
  return {
    node: process.execPath,
    ...tools,
    ...(grafana ? { grafana: { ...grafana, adminPassword } } : {}),
  };
}
