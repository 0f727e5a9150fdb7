import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Check, type CheckContext, type CheckResult, runCommand } from './check.ts';

/** The stack for real, in a browser: Playwright starts a playground of its own and stops it. */
export const E2E_CHECKS: readonly Check[] = [
  {
    name: 'end to end',
    run: runPlaywright,
  },
];

async function runPlaywright(context: CheckContext): Promise<CheckResult> {
  const folder = await mkdtemp(path.join(tmpdir(), 'playground-test-'));
  const report = path.join(folder, 'report.json');
  try {
    const cli = ['node_modules/@playwright/test/cli.js', 'test', '--config=e2e/playwright.config.ts'];
    const words = [...cli, '--reporter=list,json', `--output=${folder}/results`];
    const env = { ...context.env, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
    const { output } = await runCommand('end to end', [process.execPath, ...words], { ...context, env });
    return { ...countPlaywrightTests(await readFile(report, 'utf8').catch(() => '')), output };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Playwright's JSON report: a skipped or flaky test has not passed, nor has a run without a report. */
export function countPlaywrightTests(report: string): { passed: number; failed: number } {
  if (report === '') return { passed: 0, failed: 1 };
  const { stats, errors } = JSON.parse(report) as PlaywrightReport;
  const failed = stats.unexpected + stats.flaky + stats.skipped + errors.length;
  return { passed: stats.expected, failed: failed === 0 && stats.expected === 0 ? 1 : failed };
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  errors: unknown[];
}
