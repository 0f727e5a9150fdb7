import type { Browser } from '@playwright/test';
import type { Programs } from '../component.ts';
import { preparePrograms } from '../programs.ts';
import { stopComponents } from '../start.ts';
import { startBareThirdParty } from './bareThirdParty.ts';
import { alternate, type Bench, type BenchContext } from './bench.ts';
import { openBrowser, openPage, readBoards, waitUntilFilled } from './boards.ts';
import { withTemporaryPlayground } from './temporaryPlayground.ts';

interface StartAndStop {
  startSeconds: number;
  stopSeconds: number;
}

/** From nothing to boards without an empty panel, everything being built already. */
export const START: Bench = {
  summary: 'warm `up` until every panel of every board shows data in a browser; and warm `down`',
  baseline: 'the bare collector and Prometheus, from spawn to healthy; and their end',
  defaultRounds: 3,
  async run(context) {
    // Builds what is not built: a warm start is the matter here.
    const programs = await preparePrograms('viewer', '', context);
    const browser = await openBrowser(context);
    try {
      const { ours, baseline } = await alternate(
        context,
        () => wholePlayground(browser, context),
        () => bareThirdParty(programs, context),
      );
      const seconds = (key: keyof StartAndStop) => ({
        unit: 'seconds' as const,
        ours: ours.map((round) => round[key]),
        baseline: baseline.map((round) => round[key]),
      });
      return [
        { name: 'start', goal: 6, ...seconds('startSeconds') },
        { name: 'up', unit: 'seconds', ours: ours.map(({ upSeconds }) => upSeconds), baseline: [] },
        { name: 'down', goal: 3, ...seconds('stopSeconds') },
      ];
    } finally {
      await browser.close();
    }
  },
};

/** As somebody does it who has a browser open: type `up`, then open every board, each in a tab. */
function wholePlayground(
  browser: Browser,
  context: BenchContext,
): Promise<StartAndStop & { upSeconds: number }> {
  return withTemporaryPlayground(context, async (playground) => {
    const startedAtMs = performance.now();
    const { seconds: upSeconds } = await playground.verb('up');
    const { ases, dashboardsUrl } = playground.describe();
    await Promise.all(
      readBoards(ases.map(({ name }) => name)).map(async (board) => {
        const page = await openPage(browser);
        await page.goto(`${dashboardsUrl}/d/${board.uid}`, { waitUntil: 'commit' });
        await waitUntilFilled(page, board, context);
      }),
    );
    const startSeconds = (performance.now() - startedAtMs) / 1000;
    await Promise.all(browser.contexts().map((pages) => pages.close()));
    const { seconds: stopSeconds } = await playground.verb('down');
    return { startSeconds, upSeconds, stopSeconds };
  });
}

/** The same two programs with the same configurations, and nobody to talk to. */
function bareThirdParty(programs: Programs, context: BenchContext): Promise<StartAndStop> {
  return withTemporaryPlayground(context, async ({ settings }) => {
    const startedAtMs = performance.now();
    const components = await startBareThirdParty(settings, programs, context);
    const startSeconds = (performance.now() - startedAtMs) / 1000;
    const stoppedAtMs = performance.now();
    await stopComponents(components);
    return { startSeconds, stopSeconds: (performance.now() - stoppedAtMs) / 1000 };
  });
}
