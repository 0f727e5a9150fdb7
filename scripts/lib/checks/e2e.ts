import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../settings.ts';
import { type Check, type CheckContext, type CheckResult, runCommand } from './check.ts';
import { countPlaywrightTests } from './playwrightReport.ts';
import { takeDownAll } from './takeDown.ts';
import { LONG_UNIT_CHECK } from './unit.ts';

/** The stack for real, in a browser: Playwright starts a playground and stops it. */
export const E2E_CHECKS: readonly Check[] = [playwrightCheck('end to end', ['alone'])];

/** What breaks ASEs or a playground, and what starts its own: other ways to run, spoilt copies, alerts by their causes. */
export const LONG_CHECKS: readonly Check[] = [
  LONG_UNIT_CHECK,
  playwrightCheck('what breaks it', ['breaks']),
  playwrightCheck('playgrounds of their own', ['own']),
  playwrightCheck('alerts by their causes', ['alerts']),
];

/** @param projects of e2e/playwright.config.ts, each with those that it depends on */
function playwrightCheck(name: string, projects: readonly string[]): Check {
  return { name, run: (context) => runPlaywright(name, projects, context) };
}

async function runPlaywright(
  name: string,
  projects: readonly string[],
  context: CheckContext,
): Promise<CheckResult> {
  const folder = await mkdtemp(path.join(tmpdir(), 'playground-test-'));
  const report = path.join(folder, 'report.json');
  try {
    const cli = ['node_modules/@playwright/test/cli.js', 'test', '--config=e2e/playwright.config.ts'];
    const chosen = projects.map((project) => `--project=${project}`);
    const words = [...cli, ...chosen, '--reporter=list,json', `--output=${folder}/results`];
    const env = {
      ...context.env,
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
      // All that the specs make for a while is in there, playgrounds too; but not what the next run can use.
      TMPDIR: folder,
      PWTEST_CACHE_DIR: path.join(ROOT, 'node_modules/.cache/playwright'),
    };
    const { output } = await runCommand(name, [process.execPath, ...words], { ...context, env });
    return { ...countPlaywrightTests(await readFile(report, 'utf8').catch(() => '')), output };
  } finally {
    await takeDownAll(folder);
    await rm(folder, { recursive: true, force: true });
  }
}
