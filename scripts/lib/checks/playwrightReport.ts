import type { CheckResult } from './check.ts';

/**
 * What Playwright's JSON report says. A skipped test has not passed, nor has a run without a report. One that passed
 * at the second try has, and is named.
 */
export function countPlaywrightTests(report: string): Omit<CheckResult, 'output'> {
  if (report === '') return { passed: 0, failed: 1 };
  const { stats, errors, suites } = JSON.parse(report) as PlaywrightReport;
  const passed = stats.expected + stats.flaky;
  const failed = stats.unexpected + stats.skipped + errors.length;
  const notes = flakyTitles(suites ?? []).map((title) => `passed at the second try: ${title}`);
  return { passed, failed: failed === 0 && passed === 0 ? 1 : failed, ...(notes.length > 0 && { notes }) };
}

function flakyTitles(suites: readonly Suite[]): string[] {
  return suites.flatMap(({ specs = [], suites: inner = [] }) => [
    ...specs.filter(({ tests }) => tests.some(({ status }) => status === 'flaky')).map(({ title }) => title),
    ...flakyTitles(inner),
  ]);
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  errors: unknown[];
  suites?: Suite[];
}

interface Suite {
  suites?: Suite[];
  specs?: { title: string; tests: { status: string }[] }[];
}
