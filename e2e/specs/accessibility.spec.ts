import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { payBothWays } from '../fixtures/payment.ts';
import { expect, test } from '../fixtures/test.ts';

const PAGES = {
  'home page': '/',
  'list of traces': '/traces',
  Payments: '/d/payments',
  'Connector overview': '/d/connector-overview',
};
/** Examined once each, as it takes seconds: their colours are those of the boards above. */
const ONCE = { dark: '/d/network-overview', light: '/d/privacy-lab' } as const;

for (const theme of ['dark', 'light'] as const) {
  for (const [name, url] of Object.entries({ ...PAGES, [ONCE[theme]]: ONCE[theme] })) {
    test(`${name} has no serious accessibility fault (${theme})`, async ({ page, board, playground }) => {
      if (url === '/traces') await payBothWays(playground);
      // A page that is drawn anew all the time takes long to examine.
      await page.goto(`${url}?theme=${theme}&refresh=5m`);
      if (url === '/traces') await expect(page.getByRole('list', { name: 'Traces' })).toBeVisible();
      else if (url !== '/') await expect(board.headers().first()).toBeVisible();
      else await expect(page.getByRole('link', { name: /Payments/ })).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual(
        [],
      );
    });
  }
}

test('the keyboard alone opens a board and its time picker', async ({ page, board }) => {
  await page.goto('/');
  const link = page.getByRole('link', { name: /Payments/ });
  await expect(link).toBeVisible();
  await tabTo(page, link);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/d\/payments/);
  await expect(board.headers().first()).toBeVisible();
  await board.timePicker.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Last 5 minutes', { exact: true })).toBeVisible();
});

/** Presses Tab until `target` has the focus; a page with more stops than this before its content is at fault. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  const focused = target.and(page.locator(':focus'));
  for (let stops = 0; stops < 30; stops++) {
    await page.keyboard.press('Tab');
    if ((await focused.count()) > 0) return;
  }
  throw new Error('30 times Tab do not reach it');
}
