import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts } from '../../scripts/lib/freePorts.ts';
import { pay } from '../fixtures/payment.ts';
import { Playground } from '../fixtures/playground.ts';
import { expect, test } from '../fixtures/test.ts';
import { BoardPage } from '../pages/boardPage.ts';

/**
 * A playground of its own: cloud-nine is on the testnet, happy-life on the livenet, and both tell the exact truth from
 * their first payment on. Pages of any origin on this machine may show its boards.
 */
let own: Playground;
/** Cents that left the sender, by ASE: dollars of cloud-nine, euros of happy-life. */
const sentCents = { 'cloud-nine': [] as bigint[], 'happy-life': [] as bigint[] };
/** What a euro is worth here. */
const CENTS_TO_UNITS = { 'cloud-nine': 100n, 'happy-life': 110n };
const WINDOWS = ['last hour', 'last day', 'last week', 'last month'];

// Panels are mounted when they come into view: numbers and tables, but not the lines further down, which take long.
test.use({ viewport: { width: 1440, height: 1300 } });
test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  const { portOffset } = await freePorts();
  own = new Playground({
    home: mkdtempSync(path.join(tmpdir(), 'playground-network-')),
    portOffset,
    settings: { DASHBOARDS_FRAME_ANCESTORS: 'http://127.0.0.1:*' },
  });
  const [nine, life] = [14100, 14200].map((base) => `http://127.0.0.1:${own.port(base)}`);
  const up = await own.verb('up', '--no-traffic', '--livenet', 'happy-life');
  expect(up.exitCode, up.stderr).toBe(0);
  const off = await own.verb('privacy', '--mechanism', 'off');
  expect(off.exitCode, off.stderr).toBe(0);
  for (const value of ['500', '123457']) {
    const { sent } = await pay(`${nine}/alice`, `${life}/bob`, { value, assetCode: 'EUR', assetScale: 2 });
    sentCents['cloud-nine'].push(BigInt(sent.value));
  }
  const { sent } = await pay(`${life}/alice`, `${nine}/bob`, {
    value: '709',
    assetCode: 'USD',
    assetScale: 2,
  });
  sentCents['happy-life'].push(BigInt(sent.value));
});

test.afterAll(async () => {
  await own.verb('down', '--volumes');
  rmSync(own.home, { recursive: true, force: true });
});

for (const [network, ase] of [
  ['testnet', 'cloud-nine'],
  ['livenet', 'happy-life'],
] as const) {
  test(`the ${network} shows what ${ase} sent, to the unit, and nothing of the other`, async ({ page }) => {
    const board = new BoardPage(page, own.dashboardsUrl);
    await board.open('network-overview', { refresh: '1s', variables: { network } });
    const cents = sentCents[ase];
    const units = cents.reduce((sum, one) => sum + one * CENTS_TO_UNITS[ase], 0n);
    const dollars = (decimals: number, value = Number(units) / 10_000) =>
      `$${value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })}`;
    const average = dollars(2, Number(units) / 10_000 / cents.length);
    for (const window of WINDOWS) {
      const row = { Source: ase, Transactions: `${cents.length}`, Value: dollars(4), Average: average };
      await expect.poll(() => board.table(`By source, ${window}`), window).toEqual([row]);
      await expect(board.content(`Transactions, ${window}`)).toHaveText(`${cents.length}`);
      await expect(board.content(`Value, ${window}`)).toHaveText(dollars(2));
      await expect(board.content(`Average value, ${window}`)).toHaveText(average);
    }
    await expect
      .poll(() => board.table('Counters by source'))
      .toMatchObject([{ Source: ase, Value: dollars(4), 'Value, older name': dollars(4), Rejected: '0' }]);
  });
}

test('with mechanism off every number on the boards about networks is the ledgers’ own', async () => {
  const truth = await own.verb<{
    equal: boolean;
    rows: {
      ledger: string;
      sdk: string | null;
      panel: string | null;
      where: string | null;
      error?: string;
    }[];
  }>('truth', '--panels');
  expect(truth.exitCode, truth.stdout).toBe(0);
  const told = truth.report.rows.filter(({ error }) => error !== undefined);
  expect(told.map(({ error }) => error)).toEqual(told.map(() => '0'));
  expect(told.map(({ sdk }) => sdk)).toEqual(told.map(({ ledger }) => ledger));
  const on = (board: string) => truth.report.rows.filter(({ where }) => where?.startsWith(board)).length;
  expect([on('network-overview'), on('privacy-lab')]).toEqual([62, 16]);
});

test('the Privacy lab shows the truth beside every mechanism, and follows the verb that chooses', async ({
  page,
}) => {
  const board = new BoardPage(page, own.dashboardsUrl);
  await page.setViewportSize({ width: 1440, height: 600 });
  await board.open('privacy-lab', { refresh: '1s', variables: { instance: 'cloud-nine' } });
  const table = () => board.table('cloud-nine · truth and published');
  const goesOut = async () => (await table()).map((row) => [row.Mechanism, row['Goes out']]);
  const all = (chosen: string) =>
    ['off', 'rafiki', 'unbiased', 'continual'].map((name) => [name, name === chosen ? 'yes' : '–']);
  await expect.poll(goesOut).toEqual(all('off'));
  const [off, rafiki] = await table();
  expect(off).toMatchObject({ Published: off!.Truth, Error: '0.00%', 'Error is below': '$0.0000' });
  expect(rafiki).toMatchObject({ Truth: off!.Truth, 'Error is below': 'no bound', 'ε spent': 'no limit' });
  expect(rafiki!.Published).not.toBe(off!.Truth);

  await own.verb('privacy', '--mechanism', 'continual', '--epsilon', '0.5');
  await expect.poll(goesOut).toEqual(all('continual'));
  await expect.poll(async () => (await table())[3]!.ε).toBe('0.500');
});

test('a page of another origin shows a board in a frame if it is allowed to, and not if it is not', async ({
  page,
}) => {
  const refusals: string[] = [];
  page.on('console', (message) => void refusals.push(message.text()));
  const elsewhere = createServer((_request, response) => {
    const board = `${own.dashboardsUrl}/d/network-overview?kiosk`;
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><iframe src="${board}" width="1300" height="900"></iframe>`);
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  const { port } = elsewhere.address() as AddressInfo;
  const panel = () =>
    page.frameLocator('iframe').getByTestId('data-testid Panel header Transactions, last hour');
  try {
    await page.goto(`http://127.0.0.1:${port}`);
    await expect(panel()).toContainText('2');
    expect(refusals.filter((text) => /frame-ancestors/.test(text))).toEqual([]);

    // Another name is another origin.
    await page.goto(`http://localhost:${port}`);
    await expect.poll(() => refusals.filter((text) => /frame-ancestors/.test(text)).length).toBe(1);
    await expect(panel()).toHaveCount(0);
  } finally {
    elsewhere.close();
  }
});
