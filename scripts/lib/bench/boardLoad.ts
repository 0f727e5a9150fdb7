import path from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { openBuild } from '../../../apps/viewer/server/build.ts';
import { ROOT } from '../settings.ts';
import { alternate, type Bench, type BenchContext } from './bench.ts';
import { type Board, boardUids, openBrowser, openPage, readBoard, waitUntilFilled } from './boards.ts';
import { withTemporaryPlayground } from './temporaryPlayground.ts';

/** Longer than a minute: some rules about long windows are worked out once in that time. */
const FIRST_DATA_WITHIN_MS = 180_000;
const GOAL_SECONDS = 1.5;
const BUNDLE_GOAL_KB = 900;
/** The board that people see first. */
const FIRST_BOARD = 'payments';
/** The smallest thing that the server has. */
const EMPTY_PAGE = '/favicon.svg';

/** What a reader waits for who opens a board for the first time. */
export const BOARDS: Bench = {
  summary:
    'each board in a browser with an empty cache until every panel is drawn; and the size of the viewer',
  baseline: 'the smallest file of the same server, in the same browser',
  defaultRounds: 5,
  async run(context) {
    const browser = await openBrowser(context);
    try {
      return await withTemporaryPlayground(context, async (playground) => {
        await playground.verb('up');
        const { ases, dashboardsUrl } = playground.describe();
        const names = ases.map(({ name }) => name);
        const reader = createReader(browser, dashboardsUrl, context);
        const boards = boardUids().map((uid) => readBoard(uid, names));
        // Also compiles what is compiled once: in Prometheus, in the viewer's server and in the browser.
        for (const board of boards) await reader.open(board, FIRST_DATA_WITHIN_MS);
        const { ours, baseline } = await alternate(
          context,
          () => inTurn(boards, reader.open),
          () => reader.openNothing(),
        );
        return [
          {
            name: 'slowest board, cold cache to all panels drawn',
            unit: 'seconds',
            goal: GOAL_SECONDS,
            ours: ours.map((opened) => Math.max(...opened.map(({ seconds }) => seconds))),
            baseline,
          },
          ...boards.map(({ uid }, i) => ({
            name: `board ${uid}`,
            unit: 'seconds' as const,
            goal: GOAL_SECONDS,
            ours: ours.map((opened) => opened[i]!.seconds),
            baseline: [],
          })),
          {
            name: 'viewer, all code and styles, compressed',
            unit: 'KB',
            goal: BUNDLE_GOAL_KB,
            ours: [await bundleKilobytes()],
            baseline: [],
          },
          {
            name: `what board ${FIRST_BOARD} transfers`,
            unit: 'KB',
            ours: ours.map((opened) => opened[boards.findIndex(({ uid }) => uid === FIRST_BOARD)]!.kilobytes),
            baseline: [],
          },
        ];
      });
    } finally {
      await browser.close();
    }
  },
};

interface Opened {
  seconds: number;
  /** Of all answers, as they came over the wire. */
  kilobytes: number;
}

function createReader(browser: Browser, dashboardsUrl: string, context: BenchContext) {
  async function timed(url: string, isThere: (page: Page) => Promise<void>): Promise<Opened> {
    const page = await openPage(browser);
    const sizes: Promise<number>[] = [];
    page.on('requestfinished', (request) => {
      // What ends only with the page comes too late to count.
      const size = request.sizes().then(
        ({ responseBodySize }) => responseBodySize,
        () => 0,
      );
      sizes.push(size);
    });
    try {
      const startedAtMs = performance.now();
      await page.goto(`${dashboardsUrl}${url}`, { waitUntil: 'commit' });
      await isThere(page);
      const seconds = (performance.now() - startedAtMs) / 1000;
      const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
      return { seconds, kilobytes: bytes / 1000 };
    } finally {
      await page.context().close();
    }
  }
  return {
    open(board: Board, timeoutMs?: number): Promise<Opened> {
      return timed(`/d/${board.uid}`, (page) => waitUntilFilled(page, board, context, timeoutMs));
    },
    async openNothing(): Promise<number> {
      return (await timed(EMPTY_PAGE, (page) => page.waitForLoadState('load'))).seconds;
    },
  };
}

async function inTurn(boards: readonly Board[], open: (board: Board) => Promise<Opened>): Promise<Opened[]> {
  const opened: Opened[] = [];
  for (const board of boards) opened.push(await open(board));
  return opened;
}

/** What the server would send of the whole bundle, fonts and icons left out: every file in its smallest form. */
async function bundleKilobytes(): Promise<number> {
  const { files, indexHtml } = await (await openBuild(path.join(ROOT, 'apps/viewer/dist'))).current();
  const code = [...files].filter(([url]) => url.startsWith('/assets/')).map(([, file]) => file);
  const bytes = code.map(({ sizeBytes, encodings }) =>
    Math.min(sizeBytes, ...[...encodings.values()].map((copy) => copy.sizeBytes)),
  );
  return (bytes.reduce((sum, size) => sum + size, 0) + Buffer.byteLength(indexHtml)) / 1000;
}
