import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../../tools/testing/folders.ts';

/** What a fake program answers to a command line that begins with `words`. */
export interface FakeAnswer {
  words: string;
  stdout?: string;
  stderr?: string;
  exitCode?: number;
}

export interface FakeDocker {
  /** With nothing but the fake on PATH. */
  env: NodeJS.ProcessEnv;
  /** The command lines that came, in order. */
  calls(): string[];
}

/** Programs on a PATH of their own, by name; each answers from its list, and fails for everything else. */
export function fakeDocker(t: TestContext, programs: Record<string, readonly FakeAnswer[]>): FakeDocker {
  const folder = temporaryFolder(t);
  const log = path.join(folder, 'calls');
  writeFileSync(log, '');
  for (const [name, answers] of Object.entries(programs)) {
    const file = path.join(folder, name);
    writeFileSync(
      file,
      `#!${process.execPath}
const words = process.argv.slice(2).join(' ');
require('node:fs').appendFileSync(${JSON.stringify(log)}, ${JSON.stringify(`${name} `)} + words + '\\n');
const answer = ${JSON.stringify(answers)}.find((one) => words.startsWith(one.words));
process.stdout.write(answer?.stdout ?? '');
process.stderr.write(answer ? answer.stderr ?? '' : 'unknown command: ' + words + '\\n');
process.exitCode = answer ? answer.exitCode ?? 0 : 1;
`,
    );
    chmodSync(file, 0o755);
  }
  return {
    env: { PATH: folder },
    calls: () => readFileSync(log, 'utf8').split('\n').filter(Boolean),
  };
}
