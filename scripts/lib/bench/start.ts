import type { Browser } from '@playwright/test';
import type { Programs } from '../component.ts';
import { preparePrograms } from '../programs.ts';
import { stopComponents } from '../start.ts';
import { startBareThirdParty } from './bareThirdParty.ts';
import { alternate, type Bench, type BenchContext } from './bench.ts';
import { boardUids, openBrowser, openPage, readBoard, waitUntilFilled } from './boards.ts';
import { withTemporaryPlayground } from './temporaryPlayground.ts';

interface StartAndStop {
  startSeconds: number;
  stopSeconds: number;
}
interface Round extends StartAndStop {
  upSeconds: number;
}

/** From nothing to boards without an empty panel, everything being built already. */
export const START: Bench = {
  summary:
    'warm `up` until every panel of a board shows data in a browser, for the slowest board; and warm `down`',
  baseline: 'the bare collector and Prometheus, from spawn to healthy; and their end',
  defaultRounds: 3,
  async run(context) {
    // Builds what is not built: a warm start is the matter here.
    const programs = await preparePrograms({ dashboards: 'viewer', core: false }, '', context);
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
        { name: 'warm up to every panel of the slowest board', goal: 5, ...seconds('startSeconds') },
        {
          name: 'warm up itself, of that round',
          unit: 'seconds',
          ours: ours.map(({ upSeconds }) => upSeconds),
          baseline: [],
        },
        { name: 'warm down', goal: 3, ...seconds('stopSeconds') },
      ];
    } finally {
      await browser.close();
    }
  },
};

/** Every board in a playground of its own, as nobody reads two at once; the slowest counts. */
async function wholePlayground(browser: Browser, context: BenchContext): Promise<Round> {
  const rounds: Round[] = [];
  for (const uid of boardUids()) rounds.push(await playgroundWithBoard(uid, browser, context));
  return rounds.reduce((slowest, round) => (round.startSeconds > slowest.startSeconds ? round : slowest));
}

/** As somebody does it who has a browser open: type `up`, then open the board. */
function playgroundWithBoard(uid: string, browser: Browser, context: BenchContext): Promise<Round> {
  return withTemporaryPlayground(context, async (playground) => {
    const startedAtMs = performance.now();
    const { seconds: upSeconds } = await playground.verb('up');
    const { ases, dashboardsUrl } = playground.describe();
    const board = readBoard(
      uid,
      ases.map(({ name }) => name),
    );
    const page = await openPage(browser);
    await page.goto(`${dashboardsUrl}/d/${uid}`, { waitUntil: 'commit' });
    await waitUntilFilled(page, board, context);
    const startSeconds = (performance.now() - startedAtMs) / 1000;
    context.say(`  ${uid}: ${startSeconds.toFixed(2)} s`);
    await page.context().close();
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
