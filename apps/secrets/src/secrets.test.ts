import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { ensurePasswordFile, ensureSecretsFile, type Secrets } from './secrets.ts';

const ASES = ['cloud-nine', 'happy-life'];

describe('secrets of a first start', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'secrets-'));
    file = path.join(folder, 'secrets.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = () => JSON.parse(readFileSync(file, 'utf8')) as Secrets;

  test('are long, all different, for every direction, and for their owner alone', () => {
    ensureSecretsFile(file, ASES);
    const { adminToken, peerTokens } = read();
    assert.deepEqual(Object.keys(peerTokens).sort(), ['cloud-nine>happy-life', 'happy-life>cloud-nine']);
    const all = [adminToken, ...Object.values(peerTokens)];
    assert.equal(new Set(all).size, 3);
    assert.ok(all.every((secret) => secret.length === 32));
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ['secrets.json']);
  });

  test('stay as they are on the second start, and what is missing is added', () => {
    ensureSecretsFile(file, ASES);
    const before = read();
    ensureSecretsFile(file, [...ASES, 'global-bank']);
    const after = read();
    assert.equal(after.adminToken, before.adminToken);
    assert.equal(after.peerTokens['cloud-nine>happy-life'], before.peerTokens['cloud-nine>happy-life']);
    assert.equal(Object.keys(after.peerTokens).length, 6);
  });

  test('a file that others could read is closed', () => {
    writeFileSync(file, '{"adminToken":"kept"}', { mode: 0o644 });
    ensureSecretsFile(file, ASES);
    assert.equal(read().adminToken, 'kept');
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  test('a password stands alone in its file, without a line end, and stays', () => {
    ensurePasswordFile(file);
    const password = readFileSync(file, 'utf8');
    assert.match(password, /^[\w-]{32}$/);
    ensurePasswordFile(file);
    assert.equal(readFileSync(file, 'utf8'), password);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });
});
