import { expect, test } from '../fixtures/test.ts';

test('with Prometheus stopped the panels say so, and recover by refresh alone', async ({
  board,
  playground,
}) => {
  await board.open('payments', { refresh: '1s' });
  const panel = board.content('Payments sent, last hour');
  await expect(panel).toHaveText(/\d/);

  await playground.kill('prometheus');
  await expect(board.panel('Payments sent, last hour')).toContainText(/Prometheus does not answer/i);

  const up = await playground.verb('up', '--no-traffic');
  expect(up.exitCode, up.stderr).toBe(0);
  await expect(panel).toHaveText(/^\s*\d+\s*$/);
  await expect(board.errors()).toHaveCount(0);
});
