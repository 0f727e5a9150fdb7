import { expect, test } from '../fixtures/test.ts';

test('choosing an ASE leaves only its panels', async ({ board, page }) => {
  await board.open('payments');
  await expect(board.panel('happy-life · sent')).toBeVisible();

  await board.variable('ASE').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.type('cloud-nine');
  // Until the choices are there, Enter chooses nothing.
  await expect(page.getByRole('option', { name: 'cloud-nine' })).toBeVisible();
  await page.keyboard.press('Enter');
  // The choice of several values counts when the list is left.
  await page.keyboard.press('Tab');

  await expect(page).toHaveURL(/var-instance=cloud-nine/);
  await expect(board.panel('cloud-nine · sent')).toBeVisible();
  await expect(board.panel('happy-life · sent')).toHaveCount(0);
});

test('a URL chooses the asset', async ({ board }) => {
  await board.open('payments', { variables: { asset: 'USD' } });
  await expect.poll(async () => (await board.table('cloud-nine · sent')).length).toBe(5);
  await expect(board.content('happy-life · sent')).not.toContainText('EUR');
});
