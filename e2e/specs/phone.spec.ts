import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';

const WIDTH_PX = 390;

test.use({ viewport: { width: WIDTH_PX, height: 844 } });

for (const url of ['/', '/traces', '/d/payments', '/d/connector-overview', '/d/privacy-lab']) {
  test(`on a phone nothing of ${url} stands outside of the screen`, async ({ page, board }) => {
    await page.goto(url);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    if (url.startsWith('/d/')) await expect(board.headers().first()).toBeVisible();
    await expect.poll(() => outside(page)).toEqual([]);
  });
}

test('on a phone no number in a table is cut', async ({ page }) => {
  await page.setViewportSize({ width: WIDTH_PX, height: 8_000 });
  await page.goto('/d/connector-overview');
  const cells = page.getByRole('gridcell');
  await expect(cells.filter({ hasText: /^100000000000$/ })).toHaveCount(2);
  const cut = await cells.evaluateAll((all) =>
    all
      .filter((cell) => {
        // Of a cell that is aligned right the left end is cut, which its scroll width does not tell.
        const range = cell.ownerDocument.createRange();
        range.selectNodeContents(cell);
        const [text, frame] = [range.getBoundingClientRect(), cell.getBoundingClientRect()];
        return text.left < frame.left || text.right > frame.right;
      })
      .map((cell) => cell.textContent),
  );
  expect(cut).toEqual([]);
});

/** What reaches beyond the right edge and cannot be swiped into sight. */
function outside(page: Page): Promise<string[]> {
  return page.locator('main *').evaluateAll((all, width) => {
    const window = all[0]?.ownerDocument.defaultView;
    const canBeSwiped = (element: (typeof all)[number]): boolean => {
      for (let one = element.parentElement; one && one.tagName !== 'BODY'; one = one.parentElement)
        if (window?.getComputedStyle(one).overflowX !== 'visible') return true;
      return false;
    };
    return all
      .filter((element) => element.getBoundingClientRect().right > width + 1 && !canBeSwiped(element))
      .map((element) => `${element.tagName} ${element.textContent?.slice(0, 60)}`);
  }, WIDTH_PX);
}
