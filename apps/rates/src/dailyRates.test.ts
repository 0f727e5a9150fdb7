import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { createDailyRates, type DailyRates, type DailyRatesOptions, RatesRefused } from './dailyRates.ts';
import { createDayFile, type DayFile } from './dayFile.ts';
import { fetchRates, parseSource } from './httpSource.ts';
import { mergeRates, type Rates } from './rates.ts';
import { parsePlan, readSettings } from './settings.ts';
import { DEFAULT_RATES } from './testing.ts';

const HOUR_MS = 3_600_000;
const NOON = Date.parse('2030-01-31T12:00:00Z');
const OURS = { name: 'ours', kind: 'static', rates: DEFAULT_RATES } as const;
const THEIRS = { name: 'theirs', kind: 'http', url: 'http://rates.example/' } as const;

describe('daily rates', () => {
  test('are collected at the start, kept in a file, and not collected again on the same day', async (t) => {
    const { file, folder, start } = place(t);
    const rates = await start();
    assert.deepEqual(rates.current().day.rates, DEFAULT_RATES);
    assert.equal(new Date(rates.current().nextRunMs).toISOString(), '2030-02-01T00:05:00.000Z');
    assert.deepEqual(readdirSync(folder), ['rates.json']);
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).date, '2030-01-31');
    const again = await start({ collect: async () => assert.fail('collected again') });
    assert.deepEqual(again.current(), rates.current());
  });

  test('of the first source that has a pair win, and unknown currencies stay out', async (t) => {
    const { start } = place(t);
    const plan = parsePlan({ sources: [OURS, THEIRS], currencies: ['XRPX'] });
    const theirs: Rates = {
      USD: { EUR: '0.5', JPY: '150' },
      XRPX: { USD: '2' },
      NOPE: { USD: '1' },
      JPY: { NOPE: '1', JPY: '1' },
    };
    const rates = await start({
      plan,
      collect: async (source) => (source.kind === 'static' ? source.rates : theirs),
    });
    assert.deepEqual(rates.current().day.rates, {
      EUR: { USD: '1.10' },
      USD: { EUR: '0.91', JPY: '150' },
      XRPX: { USD: '2' },
    });
  });

  test('do without a source that fails, and say which', async (t) => {
    const { start, lines } = place(t);
    const rates = await start({
      plan: parsePlan({ sources: [THEIRS, OURS] }),
      collect: async (source) => {
        if (source.kind === 'http') throw new Error('no answer within 5000 ms');
        return source.rates;
      },
    });
    assert.deepEqual(rates.current().day.rates, DEFAULT_RATES);
    assert.deepEqual(lines.slice(0, 1), ['warn a source does not answer: theirs: no answer within 5000 ms']);
  });

  test('of the last good day stay until they are stale, and then are refused', async (t) => {
    const { start, clock } = place(t);
    (await start()).stop();
    clock.nowMs += 12 * HOUR_MS;
    const rates = await start({ collect: fails });
    assert.equal(rates.current().day.date, '2030-01-31');
    // 48 hours after the beginning of their day.
    clock.nowMs = Date.parse('2030-02-02T00:00:00Z');
    assert.equal(rates.current().day.date, '2030-01-31');
    clock.nowMs += 1;
    assertRefused(rates, 'rates_stale', /2030-01-31 are older than 48 hours; no newer ones: .*no network/);
  });

  test('are refused when there never were any', async (t) => {
    const { start } = place(t);
    assertRefused(
      await start({ collect: fails }),
      'rates_unavailable',
      /no source has rates: ours: no network/,
    );
  });

  test('that were kept too long ago are not served after a start', async (t) => {
    const { start, clock } = place(t);
    (await start()).stop();
    clock.nowMs += 72 * HOUR_MS;
    assertRefused(await start({ collect: fails }), 'rates_unavailable', /no network/);
  });

  test('of the future are refused: the clock is wrong, or was', async (t) => {
    const { start, clock } = place(t);
    const rates = await start();
    clock.nowMs -= 48 * HOUR_MS;
    assertRefused(rates, 'rates_stale', /2030-01-31 are of the future: the clock says 2030-01-29/);
    // Whoever starts now does not use them, and writes over them.
    assert.equal((await start()).current().day.date, '2030-01-29');
  });

  for (const [what, text] of [
    ['truncated', '{"date":"2030-01-31","collectedAt":"2030-01-31T12:00:00.000Z","rates":{"EUR":{"USD"'],
    ['empty', ''],
    ['without rates', '{"date":"2030-01-31","collectedAt":"2030-01-31T12:00:00.000Z","rates":{}}'],
    [
      'with a rate of 0',
      '{"date":"2030-01-31","collectedAt":"2030-01-31T12:00:00.000Z","rates":{"EUR":{"USD":"0"}}}',
    ],
  ] as const) {
    test(`in a file that is ${what} are not used, and collected anew`, async (t) => {
      const { file, start, lines } = place(t);
      writeFileSync(file, text);
      assertRefused(await start({ collect: fails }), 'rates_unavailable', /no network/);
      assert.match(lines[0]!, /^warn .*rates\.json is damaged/);
      assert.deepEqual((await start()).current().day.rates, DEFAULT_RATES);
    });
  }

  test('stay those of yesterday when the disk is full, and nothing half-written is left', async (t) => {
    const { file, folder, start, clock, lines } = place(t);
    (await start()).stop();
    const before = readFileSync(file, 'utf8');
    clock.nowMs += 24 * HOUR_MS;
    const full: DayFile = {
      ...createDayFile(file),
      write: async () => {
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      },
    };
    const rates = await start({ file: full });
    assert.equal(rates.current().day.date, '2030-01-31');
    assert.equal(rates.current().nextRunMs, clock.nowMs + 5 * 60_000, 'it tries again soon');
    assert.ok(lines.some((line) => line.startsWith('error no new rates: ENOSPC')));
    assert.equal(readFileSync(file, 'utf8'), before);
    assert.deepEqual(readdirSync(folder), ['rates.json']);
  });

  test('leave no temporary file when the file cannot be replaced', async (t) => {
    const { folder } = place(t);
    // A folder where the file should be.
    const file = createDayFile(folder);
    await assert.rejects(file.write(DAY));
    assert.deepEqual(
      readdirSync(path.dirname(folder)).filter((name) => name.includes('.tmp')),
      [],
    );
  });

  test('are whole at every moment while many write at once', async (t) => {
    const { file, folder } = place(t);
    const writers = Array.from({ length: 20 }, (_, i) => ({
      ...DAY,
      rates: { EUR: Object.fromEntries(Array.from({ length: 200 }, (_, j) => [code(j), `${i + 1}`])) },
    }));
    const dayFile = createDayFile(file);
    let writing = true;
    const written = Promise.all(writers.map((day) => dayFile.write(day))).finally(() => {
      writing = false;
    });
    let reads = 0;
    while (writing) {
      const day = await dayFile.read();
      if (day) assert.equal(new Set(Object.values(day.rates.EUR!)).size, 1, 'of one writer');
      reads += 1;
    }
    await written;
    assert.ok(reads > 0);
    assert.deepEqual(readdirSync(folder), ['rates.json']);
  });

  const DAY = { date: '2030-01-31', collectedAt: '2030-01-31T12:00:00.000Z', rates: DEFAULT_RATES };
  const code = (i: number) => `A${String.fromCharCode(65 + (i % 26), 65 + Math.floor(i / 26))}`;
  const fails = async () => {
    throw new Error('no network');
  };
});

test('merging takes every pair from the first that has it, whatever the tables are', () => {
  const codes = fc.constantFrom('USD', 'EUR', 'JPY');
  const table = fc.dictionary(codes, fc.dictionary(codes, fc.integer({ min: 1, max: 9 }).map(String)));
  fc.assert(
    fc.property(fc.array(table), (tables) => {
      const merged = mergeRates(tables);
      for (const from of ['USD', 'EUR', 'JPY'])
        for (const to of ['USD', 'EUR', 'JPY'])
          assert.equal(merged[from]?.[to], tables.find((one) => one[from]?.[to] !== undefined)?.[from]?.[to]);
    }),
  );
});

describe('an HTTP source', () => {
  test('may have either form, and loses no digit', () => {
    assert.deepEqual(parseSource('{"rates": {"EUR": {"USD": "1.10"}}}'), { EUR: { USD: '1.10' } });
    assert.deepEqual(
      parseSource(
        '{"base": "USD", "rates": {"EUR": 0.912345678901234567, "JPY": 1.5e2, "BTC": 9.1e-06, "IDR": 16000}}',
      ),
      { USD: { EUR: '0.912345678901234567', JPY: '150.0', BTC: '0.0000091', IDR: '16000' } },
    );
  });

  for (const body of [
    '',
    '[]',
    '{"base":"USD"}',
    '{"base":"USD","rates":{"EUR":-1}}',
    '{"base":"USD","rates":{"EUR":0}}',
    '{"rates":{"EUR":{"USD":"1,10"}}}',
    '{"base":"USD","rates":{"EUR":1e99}}',
  ]) {
    test(`is refused when it says ${body || 'nothing'}`, () => assert.throws(() => parseSource(body)));
  }

  test('has bounds on size and time', async (t) => {
    const server = createServer((request, response) => {
      if (request.url === '/large') response.end(`{"rates": {${' '.repeat(2000)}}}`);
      if (request.url === '/moved') response.writeHead(302, { location: '/' }).end();
      if (request.url === '/') response.end('{"base": "USD", "rates": {"EUR": 0.91}}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => {
      server.close();
      server.closeAllConnections();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const limits = { timeoutMs: 5000, maxBytes: 1000 };
    assert.deepEqual(await fetchRates(`${url}/`, limits), { USD: { EUR: '0.91' } });
    await assert.rejects(fetchRates(`${url}/large`, limits), /answers more than 1000 bytes/);
    await assert.rejects(fetchRates(`${url}/moved`, limits), /answers 302/);
    await assert.rejects(fetchRates(`${url}/hangs`, { ...limits, timeoutMs: 50 }), /no answer within 50 ms/);
    await assert.rejects(fetchRates('http://127.0.0.1:1/', limits), /ECONNREFUSED/);
  });
});

describe('the settings of the rates service', () => {
  test('name every problem at once', (t) => {
    const { folder } = place(t);
    const file = path.join(folder, 'sources.json');
    writeFileSync(
      file,
      JSON.stringify({
        runAt: '25:00',
        sources: [
          { ...OURS, rates: { EUR: { USD: '1.10', ABC: '2' }, XYZ: { USD: '1' } } },
          { ...OURS, rates: { EUR: { USD: 1.1 } } },
          { name: 'theirs', kind: 'http', url: 'ftp://x', timeoutMs: 1 },
          { name: 'other', kind: 'file' },
        ],
        more: true,
      }),
    );
    assert.throws(
      () => readSettings({ RATES_SOURCES_FILE: file, RATES_PORT: 'none' }),
      (error: Error) => {
        for (const problem of [
          'RATES_PORT: must be a port',
          'RATES_DAY_FILE: is needed',
          'runAt: must be a time',
          'sources.1.rates.EUR.USD',
          'sources.2.url: must be an http:// or https:// URL',
          'sources.2.timeoutMs',
          'sources.3.kind',
          'more',
        ]) {
          assert.ok(error.message.includes(problem), `${problem} is not in\n${error.message}`);
        }
        return true;
      },
    );
  });

  test('refuse rates for unknown currencies, each by its name, and sources of one name', () => {
    const rates = { EUR: { USD: '1.10', ABC: '2' }, XYZ: { USD: '1' } };
    const why = 'is no currency of ISO 4217; name it in "currencies" if it is meant';
    assert.throws(() => parsePlan({ sources: [{ ...OURS, rates }, OURS] }), {
      message: [
        `sources.0.rates.ABC: ABC ${why}`,
        `sources.0.rates.XYZ: XYZ ${why}`,
        'sources.1.name: is there already',
      ].join('\n'),
    });
    assert.ok(parsePlan({ sources: [{ ...OURS, rates }], currencies: ['ABC', 'XYZ'] }));
  });

  test('say what is wrong with a file that is none', () => {
    const env = { RATES_DAY_FILE: '/x', RATES_SOURCES_FILE: '/nowhere/sources.json' };
    assert.throws(() => readSettings(env), /RATES_SOURCES_FILE \/nowhere\/sources\.json: ENOENT/);
  });
});

function assertRefused(rates: DailyRates, code: RatesRefused['code'], why: RegExp): void {
  assert.throws(
    () => rates.current(),
    (error) => {
      assert.ok(error instanceof RatesRefused);
      assert.equal(error.code, code);
      assert.match(error.message, why);
      return true;
    },
  );
}

/** A folder, a clock, and services that use them, all stopped at the end. */
function place(t: TestContext) {
  const folder = mkdtempSync(path.join(tmpdir(), 'rates-'));
  const file = path.join(folder, 'rates.json');
  const clock = { nowMs: NOON };
  const lines: string[] = [];
  const started: DailyRates[] = [];
  t.after(() => {
    for (const rates of started) rates.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const start = async (options: Partial<DailyRatesOptions> = {}) => {
    const rates = createDailyRates({
      plan: parsePlan({ sources: [OURS] }),
      file: createDayFile(file),
      nowMs: () => clock.nowMs,
      log: (level, message) => void lines.push(`${level} ${message}`),
      ...options,
    });
    started.push(rates);
    await rates.start();
    return rates;
  };
  return { folder, file, clock, lines, start };
}
