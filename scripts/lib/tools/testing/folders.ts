import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';

/** A folder that is gone when the test has ended. */
export function temporaryFolder(t: Pick<TestContext, 'after'>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'playground-tools-'));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** A program of a few lines of shell. */
export function writeProgram(file: string, script: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** A program that does nothing but tell its version, after what it is told to do `first`. */
export function writeTool(file: string, version: string, first = ':'): string {
  return writeProgram(file, `${first}\necho "${path.basename(file)}, version ${version} (branch: HEAD)"`);
}

/** Fails when work that broke off or ended has left something of itself. */
export function assertNothingHalfMade(cache: string): void {
  assert.deepEqual(
    readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.tmp')),
    [],
  );
}
