import { pay } from '../fixtures/payment.ts';
import { expect, test } from '../fixtures/test.ts';

test('a live payment reaches the panel by refresh alone', async ({ board, page, playground }) => {
  await board.open('payments', { refresh: '1s' });
  const allTime = async () =>
    (await board.table('cloud-nine · sent')).find((row) => row.Window === 'All time');
  await expect.poll(allTime).toBeDefined();
  const before = (await allTime())!;
  await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));

  await pay(
    `http://127.0.0.1:${playground.port(14100)}/alice`,
    `http://127.0.0.1:${playground.port(14200)}/bob`,
    { value: '1234', assetCode: 'EUR', assetScale: 2 },
  );

  await expect.poll(async () => (await allTime())?.Payments).toBe(String(Number(before.Payments) + 1));
  expect(await page.evaluate(() => 'sameDocument' in globalThis), 'the page was not loaded again').toBe(true);
});
