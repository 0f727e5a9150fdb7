import { expect, test } from '../fixtures/test.ts';

test('the home page finds a board by a word of its title', async ({ board, page }) => {
  await page.goto('/');
  await expect(page.getByRole('link', { name: /Payments/ })).toBeVisible();
  await page
    .getByRole('searchbox')
    .or(page.getByPlaceholder(/search/i))
    .first()
    .fill('connector');
  await expect(page.getByRole('link', { name: /Payments/ })).toHaveCount(0);
  await page.getByRole('link', { name: /Connector overview/ }).click();
  await expect(page).toHaveURL(/\/d\/connector-overview/);
  await expect(board.headers().first()).toBeVisible();
});

test('Grafana’s API answers: health, search, board', async ({ request }) => {
  expect(await (await request.get('/api/health')).json()).toMatchObject({ database: 'ok' });
  const found = (await (await request.get('/api/search?query=pay')).json()) as { uid: string; url: string }[];
  expect(found.map(({ uid }) => uid)).toEqual(['payments']);
  const { dashboard } = await (await request.get('/api/dashboards/uid/payments')).json();
  expect(dashboard).toMatchObject({ uid: 'payments', schemaVersion: 42 });
});

test('the data-source proxy lets nothing but read queries through', async ({ request }) => {
  const proxy = '/api/datasources/proxy/uid/prometheus/api/v1';
  expect((await request.get(`${proxy}/query?query=up`)).status()).toBe(200);
  for (const path of ['admin/tsdb/delete_series?match[]=up', 'otlp/v1/metrics', 'write']) {
    expect((await request.post(`${proxy}/${path}`)).status(), path).toBeGreaterThanOrEqual(400);
  }
});
