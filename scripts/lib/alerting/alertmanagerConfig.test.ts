import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { parse } from 'yaml';
import { readEnv } from '../env.ts';
import { composeRulesFolder, writeAlertmanagerConfig, writeComposeRules } from './files.ts';

const SECRET = 'https://hooks.example/the-secret';

interface Config {
  receivers: { name: string; slack_configs?: object[]; pagerduty_configs?: object[] }[];
}

describe('the receivers that settings switch on', () => {
  let home: string;
  let file: string;
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'alertmanager-'));
    file = path.join(home, 'secret');
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const write = (env: Record<string, string>) => writeAlertmanagerConfig({ home, ...readEnv(env) });
  const switchedOn = (config: Config, kind: 'slack_configs' | 'pagerduty_configs') =>
    config.receivers.filter((receiver) => receiver[kind]).map(({ name }) => name);

  test('are off by default: everything goes to the sink alone', async () => {
    const config = parse(readFileSync(await write({}), 'utf8')) as Config;
    assert.deepEqual(switchedOn(config, 'slack_configs'), []);
    assert.deepEqual(switchedOn(config, 'pagerduty_configs'), []);
  });

  test('name the files of their secrets, and never what is in them', async () => {
    writeFileSync(file, SECRET, { mode: 0o600 });
    const text = readFileSync(
      await write({ ALERT_SLACK_URL_FILE: file, ALERT_PAGERDUTY_KEY_FILE: file, ALERT_SLACK_CHANNEL: 'ops' }),
      'utf8',
    );
    assert.doesNotMatch(text, /the-secret/);
    const config = parse(text) as Config;
    assert.deepEqual(switchedOn(config, 'slack_configs'), ['high', 'warning', 'unrouted']);
    assert.deepEqual(switchedOn(config, 'pagerduty_configs'), ['critical']);
    assert.match(text, /channel: "#ops"/);
  });

  test('are refused all at once when their files are open to others, empty or not there', async () => {
    writeFileSync(file, SECRET);
    chmodSync(file, 0o640);
    const both = { ALERT_SLACK_URL_FILE: file, ALERT_PAGERDUTY_KEY_FILE: path.join(home, 'none') };
    await assert.rejects(write(both), ({ details }: { details: string[] }) => {
      assert.match(details[0]!, /^ALERT_SLACK_URL_FILE=.+ can be read by others/);
      assert.match(details[1]!, /^ALERT_PAGERDUTY_KEY_FILE=.+ cannot be read/);
      return true;
    });
    writeFileSync(file, '');
    chmodSync(file, 0o600);
    await assert.rejects(write({ ALERT_SLACK_URL_FILE: file }), ({ details }: { details: string[] }) =>
      /is empty/.test(details[0]!),
    );
  });
});

test('containers have the rules of the repository, unless the settings promise something else', async () => {
  const home = mkdtempSync(path.join(tmpdir(), 'compose-rules-'));
  try {
    assert.equal(composeRulesFolder({ home, ...readEnv({}) }), undefined);
    const settings = { home, ...readEnv({ SLA_P99_LATENCY_MS: '250' }) };
    await writeComposeRules(settings);
    const file = path.join(composeRulesFolder(settings)!, 'playground.yml');
    assert.match(readFileSync(file, 'utf8'), /vector\(0\.25\)/);
    assert.equal(statSync(file).mode & 0o777, 0o644, 'the containers’ users may read it');
  } finally {
    rmSync(home, { recursive: true });
  }
});
