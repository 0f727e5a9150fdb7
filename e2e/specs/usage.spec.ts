import { expect, test } from '../fixtures/test.ts';

interface Usage {
  days: { day: string; version: string; reports: number; installations: number }[];
}
interface DryRun {
  ases: { ase: string; enabled: boolean; url: string; report: { installationId: string } }[];
}

test('the reports of both ASEs are on the board as the backend counts them', async ({
  board,
  playground,
}) => {
  const days = async () => (await playground.verb<Usage>('usage')).report.days;
  await expect.poll(async () => (await days())[0]?.installations).toBe(2);
  const [row] = await days();
  await board.open('usage');
  await expect
    .poll(async () => (await board.table('Reports by day and version'))[0])
    .toEqual({
      'Day (UTC)': row!.day,
      Version: row!.version,
      Reports: String(row!.reports),
      Installations: String(row!.installations),
    });
  await expect(board.content('Installations, today')).toHaveText('2');
});

test('the dry run shows what goes to the playground’s own backend, and sends nothing', async ({
  playground,
}) => {
  const before = (await playground.verb<Usage>('usage')).report.days;
  const { exitCode, report } = await playground.verb<DryRun>('usage', '--dry-run');
  expect(exitCode).toBe(0);
  expect(report.ases.map(({ ase }) => ase)).toEqual(['cloud-nine', 'happy-life']);
  for (const { enabled, url } of report.ases) {
    expect(enabled).toBe(true);
    expect(url).toBe(`http://127.0.0.1:${playground.port(14500)}/reports`);
  }
  expect(new Set(report.ases.map(({ report: { installationId } }) => installationId)).size).toBe(2);
  expect((await playground.verb<Usage>('usage')).report.days).toEqual(before);
});
