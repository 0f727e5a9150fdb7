import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { readEnv } from './env.ts';
import { UsageError } from './errors.ts';
import { temporaryFolder } from './tools/testing/folders.ts';

const COMMITTED = path.resolve(import.meta.dirname, '../../.env');

describe('.env', () => {
  it('as committed has the ports of the design and plain versions', () => {
    const { ports, portOffset, versions } = readEnv({});
    assert.equal(portOffset, 0);
    assert.equal(ports.DASHBOARDS_PORT, 13000);
    assert.equal(ports.COLLECTOR_HEALTH_PORT, 23133);
    assert.match(versions.PROMETHEUS_VERSION, /^\d+\.\d+\.\d+$/);
  });

  it('gives way to the environment, but not to an empty variable', () => {
    const { ports } = readEnv({ RATES_PORT: '15000', PROMETHEUS_PORT: '', UNRELATED: 'x' });
    assert.equal(ports.RATES_PORT, 15000);
    assert.equal(ports.PROMETHEUS_PORT, 19090);
  });

  it('adds the offset to every port', () => {
    const plain = readEnv({}).ports;
    const moved = readEnv({ PLAYGROUND_PORT_OFFSET: '50' }).ports;
    for (const [name, port] of Object.entries(plain)) {
      assert.equal(moved[name as keyof typeof moved], port + 50, name);
    }
  });

  it('names every mistake at once, each with its line', async (t) => {
    const text = await readFile(COMMITTED, 'utf8');
    const lineOf = (name: string) => text.split('\n').findIndex((line) => line.startsWith(`${name}=`)) + 1;
    const broken = text
      .replace('PROMETHEUS_PORT=19090', 'PROMETHEUS_PORT = 19090')
      .replace('RATES_PORT=14400', 'RATES_PORT=70000')
      .replace('HAPPY_LIFE_PORT=14200', 'HAPPY_LIVE_PORT=14200')
      .replace('OTELCOL_VERSION=0.155.0', 'OTELCOL_VERSION=latest');
    const end = broken.split('\n').length;
    const problems = problemsOf(t, `${broken}CLOUD_NINE_PORT=14101\n"quoted"\n`, {
      GLOBAL_BANK_PORT: '13000',
    });
    assert.deepEqual(
      problems.sort(),
      [
        `.env: HAPPY_LIFE_PORT is missing`,
        `.env:${lineOf('HAPPY_LIFE_PORT')}: unknown name HAPPY_LIVE_PORT: did you mean HAPPY_LIFE_PORT?`,
        `.env:${lineOf('OTELCOL_VERSION')}: OTELCOL_VERSION=latest must be a version such as 1.2.3`,
        `.env:${lineOf('PROMETHEUS_PORT')}: "PROMETHEUS_PORT = 19090" is not NAME=value without spaces and quotes`,
        `.env:${lineOf('RATES_PORT')}: RATES_PORT=70000 must be a whole number from 1 to 65535`,
        `.env:${end}: CLOUD_NINE_PORT is set a second time, first at .env:${lineOf('CLOUD_NINE_PORT')}`,
        `.env:${end + 1}: "\\"quoted\\"" is not NAME=value without spaces and quotes`,
        'DASHBOARDS_PORT and GLOBAL_BANK_PORT are both 13000',
      ].sort(),
    );
  });

  it('says which variable of the environment is wrong', (t) => {
    assert.deepEqual(problemsOf(t, undefined, { PLAYGROUND_PORT_OFFSET: '-1', RATES_PORT: '1e3' }), [
      'environment: PLAYGROUND_PORT_OFFSET=-1 must be a whole number from 0 to 30000',
      'environment: RATES_PORT=1e3 must be a whole number from 1 to 65535',
    ]);
  });

  it('knows who may show the boards in a frame: nobody else, unless origins are named', (t) => {
    const of = (origins: string) => readEnv({ DASHBOARDS_FRAME_ANCESTORS: origins }).frameAncestors;
    assert.deepEqual(readEnv({}).frameAncestors, []);
    assert.deepEqual(of('https://example.org http://127.0.0.1:*'), [
      'https://example.org',
      'http://127.0.0.1:*',
    ]);
    for (const wrong of [
      'example.org',
      "'self'",
      '*',
      'https://a.org; script-src *',
      'https://a.org,https://b.org',
    ]) {
      assert.match(
        problemsOf(t, undefined, { DASHBOARDS_FRAME_ANCESTORS: wrong })[0]!,
        /must be origins such as https:\/\/example\.org/,
        wrong,
      );
    }
  });

  it('takes only what network telemetry can be set to', (t) => {
    const environment = {
      NETWORK_SOURCES: 'a|(b',
      HAPPY_LIFE_NETWORK: 'mainnet',
      NETWORK_EXPORT_INTERVAL_MS: '5',
    };
    assert.deepEqual(problemsOf(t, undefined, environment).sort(), [
      'environment: HAPPY_LIFE_NETWORK=mainnet must be testnet, livenet or none',
      'environment: NETWORK_EXPORT_INTERVAL_MS=5 must be a whole number from 100 to 3600000',
      'environment: NETWORK_SOURCES=a|(b is no valid pattern',
    ]);
    assert.equal(readEnv({ NETWORK_SOURCES: 'a|my-.*' }).networkSources, 'a|my-.*');
  });

  it('sees a port that the offset moves out of range', (t) => {
    const problems = problemsOf(t, undefined, { RATES_PORT: '60000', PLAYGROUND_PORT_OFFSET: '6000' });
    assert.deepEqual(problems, ['RATES_PORT + PLAYGROUND_PORT_OFFSET is 66000, above 65535']);
  });

  it('when absent is one clear error', () => {
    assert.throws(() => readEnv({}, '/nowhere/.env'), /cannot read \/nowhere\/\.env/);
  });

  it('of any text is either settings or a usage error with a reason', (t) => {
    const file = path.join(temporaryFolder(t), '.env');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        writeFileSync(file, text);
        assert.throws(() => readEnv({}, file), isUsageErrorWithDetails);
      }),
      { numRuns: 200 },
    );
  });
});

function problemsOf(t: TestContext, text: string | undefined, environment: Record<string, string>): string[] {
  const file = text === undefined ? COMMITTED : path.join(temporaryFolder(t), '.env');
  if (text !== undefined) writeFileSync(file, text);
  try {
    readEnv(environment, file);
  } catch (error) {
    assert.ok(error instanceof UsageError);
    assert.equal(error.exitCode, 2);
    return [...error.details];
  }
  return assert.fail('no mistake was found');
}

function isUsageErrorWithDetails(error: unknown): boolean {
  return error instanceof UsageError && error.details.length > 0;
}
