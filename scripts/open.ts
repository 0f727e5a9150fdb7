import { spawn } from 'node:child_process';
import { once } from 'node:events';
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
    const url = board === undefined ? dashboardsUrl : `${dashboardsUrl}/d/${encodeURIComponent(board)}`;
    const opened = await openInBrowser(url);
    if (!opened) say('no browser can be opened from here: open this yourself');
    return { report: { url, opened }, text: url };
  },
});

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
