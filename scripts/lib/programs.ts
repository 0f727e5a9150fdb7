import type { Programs } from './component.ts';
import { ensureGrafana } from './grafana.ts';
import { ensureTools, findTool } from './tools/ensure.ts';
import { ensureViewerBuilt } from './viewer.ts';

interface Context {
  say: (line: string) => void;
  signal: AbortSignal;
}

/**
 * Finds, downloads or builds, side by side, everything that a playground runs and the repository does not hold.
 * @param lateJaeger do not wait for Jaeger where it is not at hand: it alone takes longer to build than all else
 */
export async function preparePrograms(
  {
    dashboards,
    core,
    lateJaeger = false,
  }: { dashboards: 'viewer' | 'grafana'; core: boolean; lateJaeger?: boolean },
  adminPassword: string,
  context: Context,
): Promise<Programs> {
  const jaeger = !core && lateJaeger ? await findTool('jaeger', context) : undefined;
  const optional = core ? [] : (['alertmanager', ...(lateJaeger ? [] : (['jaeger'] as const))] as const);
  const [tools, grafana] = await Promise.all([
    ensureTools(['otelcol', 'prometheus', ...optional], context),
    dashboards === 'grafana' ? ensureGrafana(context) : ensureViewerBuilt(context),
  ]);
  return {
    node: process.execPath,
    ...tools,
    ...(jaeger !== undefined && { jaeger }),
    ...(grafana ? { grafana: { ...grafana, adminPassword } } : {}),
  };
}
