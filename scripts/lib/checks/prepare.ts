import { ensureBrowser } from '../tools/browser.ts';
import { ensureTools } from '../tools/ensure.ts';
import { ensureViewerBuilt } from '../viewer.ts';
import type { CheckContext } from './check.ts';

/**
 * Gets what the checks need, so that it is not a check's own time or fault: the programs, the viewer's packages
 * and build, a browser. Returns the environment for the checks.
 */
export async function prepareChecks(
  groups: readonly string[],
  context: Pick<CheckContext, 'say' | 'signal'>,
): Promise<NodeJS.ProcessEnv> {
  // In containers, the images bring what is needed.
  if (groups.some((group) => group !== 'compose')) {
    await Promise.all([
      ensureTools([...TOOLS, ...(groups.includes('e2e') ? (['k6', 'jaeger'] as const) : [])], context),
      ensureViewerBuilt(context),
    ]);
  }
  if (!groups.some((group) => BROWSER_GROUPS.includes(group))) return process.env;
  return { ...process.env, PLAYGROUND_CHROMIUM: await ensureBrowser(context) };
}

const BROWSER_GROUPS: readonly string[] = ['e2e', 'long', 'compose'];
const TOOLS = ['otelcol', 'prometheus', 'promtool', 'alertmanager', 'amtool'] as const;
