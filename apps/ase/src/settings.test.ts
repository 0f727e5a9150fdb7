import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { temporaryFolder } from './ledger/testing.ts';
import { readSettings, SettingsError } from './settings.ts';

const { folder, remove } = temporaryFolder();
after(remove);
const secretsFile = `${folder}/secrets.json`;
const token = 'x'.repeat(32);
writeFileSync(secretsFile, JSON.stringify({ adminToken: token, peerTokens: { 'a>b': token, 'b>a': token } }));

const peer = {
  id: 'b',
  ilpAddress: 'test.b',
  url: 'http://127.0.0.1:2/ilp',
  assetCode: 'USD',
  assetScale: 2,
  creditLimitUnits: '100',
  maxPacketAmountUnits: '10',
  routes: ['test.b'],
};
const minimal = {
  ASE_NAME: 'a',
  ASE_PORT: '0',
  ASE_PUBLIC_URL: 'http://127.0.0.1:1',
  ASE_ILP_ADDRESS: 'test.a',
  ASE_ASSET_CODE: 'USD',
  ASE_ASSET_SCALE: '2',
  ASE_DATA_DIR: folder,
  ASE_SECRETS_FILE: secretsFile,
  ASE_RATES_URL: 'http://127.0.0.1:3/rates',
};

test('needs little and fills in the rest', () => {
  const settings = readSettings({ ...minimal, ASE_PEERS: JSON.stringify([peer]) });
  assert.equal(settings.wallets.length, 4);
  assert.equal(settings.peers[0]?.creditLimitUnits, 100n);
  assert.deepEqual(settings.fee, { fixedUnits: 100n, basisPoints: 200n });
  assert.deepEqual(settings.receiverAllowList, ['http://127.0.0.1:1']);
  assert.equal(settings.otlpEndpoint, '');
});

function problemsOf(env: Record<string, string | undefined>): string[] {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

test('names every problem at once, by its variable', () => {
  const problems = problemsOf({
    ...minimal,
    ASE_NAME: 'Cloud Nine',
    ASE_PORT: '99999',
    ASE_PUBLIC_URL: 'http://127.0.0.1:1/',
    ASE_ILP_ADDRESS: 'nowhere',
    ASE_PEERS: JSON.stringify([{ ...peer, creditLimitUnits: '-1', url: 'ftp://x' }]),
    ASE_WALLETS: '[{"name":"health","openingUnits":"1"}]',
    ASE_SECRETS_FILE: `${folder}/missing.json`,
    ASE_LOG_LEVEL: 'loud',
  });
  for (const variable of [
    'ASE_NAME',
    'ASE_PORT',
    'ASE_PUBLIC_URL',
    'ASE_ILP_ADDRESS',
    'ASE_PEERS[0][creditLimitUnits]',
    'ASE_PEERS[0][url]',
    'ASE_WALLETS[0][name]',
    'ASE_SECRETS_FILE',
    'ASE_LOG_LEVEL',
  ]) {
    assert.equal(problems.filter((problem) => problem.startsWith(`${variable}: `)).length, 1, variable);
  }
});

test('says what is needed when nothing is set', () => {
  assert.ok(problemsOf({}).includes('ASE_PORT: is needed'));
  assert.ok(problemsOf({}).includes('ASE_SECRETS_FILE: is needed'));
});

test('says which peer token is missing', () => {
  const problems = problemsOf({ ...minimal, ASE_PEERS: JSON.stringify([{ ...peer, id: 'c' }]) });
  assert.deepEqual(problems, [
    'ASE_SECRETS_FILE: peerTokens has no "a>c", which ASE_PEERS needs',
    'ASE_SECRETS_FILE: peerTokens has no "c>a", which ASE_PEERS needs',
  ]);
});

test('takes terms of settlement that can be met, and names those that cannot', () => {
  const terms = { method: 'xrp', thresholdUnits: '100', settleToUnits: '0', channelUnits: '500' };
  const withTerms = (settlement: object) => ({
    ...minimal,
    ASE_PEERS: JSON.stringify([{ ...peer, settlement }]),
  });
  const settings = readSettings({ ...withTerms(terms), ASE_CHAIN_URL: 'http://127.0.0.1:4' });
  assert.equal(settings.chainUrl, 'http://127.0.0.1:4');
  assert.equal(settings.peers[0]?.settlement?.thresholdUnits, 100n);
  const problems = [
    ...problemsOf(withTerms({ ...terms, method: 'gold', channelUnits: '0' })),
    ...problemsOf(withTerms({ ...terms, settleToUnits: '100' })),
    ...problemsOf({ ...minimal, ASE_CHAIN_URL: 'chain' }),
  ];
  assert.deepEqual(
    problems.map((problem) => problem.split(': ')[0]),
    [
      'ASE_PEERS[0][settlement][method]',
      'ASE_PEERS[0][settlement][channelUnits]',
      'ASE_PEERS[0][settlement][settleToUnits]',
      'ASE_CHAIN_URL',
    ],
  );
});

test('never writes a secret into an error', () => {
  writeFileSync(`${folder}/broken.json`, JSON.stringify({ adminToken: 'secret', peerTokens: {} }));
  const problems = problemsOf({ ...minimal, ASE_SECRETS_FILE: `${folder}/broken.json` });
  assert.equal(problems.length, 1);
  assert.ok(!problems.join().includes('"secret"'));
});
