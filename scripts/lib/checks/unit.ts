import { globSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../settings.ts';
import { type Check, commandCheck, runCommand } from './check.ts';

/** Stations that hold unit tests, each test beside what it tests. */
const STATIONS = ['telemetry', 'apps', 'collector', 'prometheus', 'grafana', 'scripts', 'tools'];

const node = process.execPath;
const bin = (name: string) => path.join(ROOT, 'node_modules', '.bin', name);

/** What needs no running playground: types, style, dead code, generated files, unit tests. */
export const UNIT_CHECKS: readonly Check[] = [
  commandCheck('types', [node, bin('tsc'), '--noEmit']),
  commandCheck('viewer types', [node, bin('tsc'), '--noEmit'], path.join(ROOT, 'apps/viewer')),
  commandCheck('lint and format', [bin('biome'), 'check', '.']),
  commandCheck('dead code', [node, bin('knip')]),
  commandCheck('generated files', [node, 'scripts/dashboards.ts', '--check']),
  testFilesCheck('unit tests', () => unitTestFiles().quick),
];

/** Unit tests that take long, which `*.long.test.ts` says of them: they kill ASEs, or start many. */
export const LONG_UNIT_CHECK: Check = testFilesCheck('long unit tests', () => unitTestFiles().long);

/** All files of unit tests, each in one of the two. */
export function unitTestFiles(): { quick: string[]; long: string[] } {
  const files = globSync(`{${STATIONS.join(',')}}/**/*.test.ts`, {
    cwd: ROOT,
    exclude: (name) => name === 'node_modules',
  }).sort();
  const isLong = (file: string) => file.endsWith('.long.test.ts');
  return { quick: files.filter((file) => !isLong(file)), long: files.filter(isLong) };
}

function testFilesCheck(name: string, files: () => string[]): Check {
  return {
    name,
    async run(context) {
      const words = ['--test', '--test-reporter=spec', '--test-concurrency=2', ...files()];
      const { exitCode, output } = await runCommand(name, [node, ...words], context);
      return countNodeTests(exitCode, output);
    },
  };
}

/** The closing lines of node's test runner; a run that ends without them, or without a test, has failed. */
export function countNodeTests(exitCode: number, output: string) {
  const count = (word: string) => Number(output.match(new RegExp(`^ℹ ${word} (\\d+)$`, 'm'))?.[1] ?? 0);
  const passed = count('pass');
  const failed = count('fail') + count('cancelled') + count('skipped') + count('todo');
  const brokeOff = failed === 0 && (exitCode !== 0 || passed === 0);
  return { passed, failed: brokeOff ? 1 : failed, output };
}
