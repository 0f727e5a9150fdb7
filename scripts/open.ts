import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import { UsageError } from './lib/errors.ts';
import { get } from './lib/http.ts';
import { suggestion } from './lib/nearest.ts';
import { requirePlayground } from './lib/playground.ts';
import { defineVerb } from './lib/verb.ts';

export default defineVerb(import.meta, {
  summary: 'Opens the dashboards in the browser, or prints where they are.',
  options: {},
  positionals: {
    usage: '[BOARD]',
    help: 'such as payments or connector-overview; default the home page',
    max: 1,
  },
  json: true,
  async run({ positionals: [board], say }) {
    const { dashboardsUrl } = await requirePlayground();
    if (board !== undefined) await requireBoard(dashboardsUrl, board);
    const url = board === undefined ? dashboardsUrl : `${dashboardsUrl}/d/${encodeURIComponent(board)}`;
    const opened = await openInBrowser(url);
    if (!opened) say('no browser can be opened from here: open this yourself');
    return { report: { url, opened }, text: url };
  },
});

/** A dashboard server that does not answer is not this verb's to judge: the browser will say so. */
async function requireBoard(dashboardsUrl: string, board: string): Promise<void> {
  const boards = await boardUids(dashboardsUrl).catch(() => undefined);
  if (!boards || boards.includes(board)) return;
  throw new UsageError(`there is no board ${JSON.stringify(board)}${suggestion(board, boards)}`, [
    `there are: ${boards.join(', ')}`,
  ]);
}

async function boardUids(dashboardsUrl: string): Promise<string[]> {
  const { body } = await get(`${dashboardsUrl}/api/search?type=dash-db`, { timeoutMs: 5_000 });
  return FOUND.parse(JSON.parse(body)).map(({ uid }) => uid);
}

const FOUND = z.array(z.object({ uid: z.string() }));

async function openInBrowser(url: string): Promise<boolean> {
  const hasDisplay =
    process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
  if (!hasDisplay) return false;
  const [program, ...words] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(program!, [...words, url], { stdio: 'ignore', detached: true });
  child.unref();
  try {
    await once(child, 'spawn');
    return true;
  } catch {
    return false;
  }
}

const OPENERS: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};
