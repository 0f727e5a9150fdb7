import { payBothWays } from '../fixtures/payment.ts';
import { expect, test } from '../fixtures/test.ts';

test('the time range moves: before the first payment there was none', async ({ board, playground }) => {
  const yesterday = String(Date.now() - 24 * 3600_000);
  await board.open('payments', { from: String(Number(yesterday) - 60_000), to: yesterday });
  await expect(board.content('Payments sent, last hour')).toContainText(/no telemetry/i);

  await payBothWays(playground);
  await board.open('payments', { refresh: '1s' });
  await expect(board.content('Payments sent, last hour')).toHaveText(/^\s*[1-9]\d*\s*$/);
});

test('the time picker changes range and URL', async ({ board, page }) => {
  await board.open('connector-overview');
  await board.timePicker.click();
  await page.getByText('Last 5 minutes', { exact: true }).click();
  await expect(board.timePicker).toContainText('Last 5 minutes');
  await expect(page).toHaveURL(/from=now-5m/);
});

test('the refresh button asks again', async ({ board, page }) => {
  await board.open('connector-overview', { refresh: '' });
  await expect(board.headers().first()).toBeVisible();
  const asked = page.waitForRequest((request) => /query/.test(request.url()));
  await board.refreshButton.click();
  await asked;
});
