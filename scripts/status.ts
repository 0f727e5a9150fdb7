import { loadSettings } from './lib/settings.ts';
import { readRunState } from './lib/state.ts';
import { statusOf, statusTable } from './lib/status.ts';
import { mebibytes } from './lib/text.ts';
import { defineVerb } from './lib/verb.ts';

export default defineVerb(import.meta, {
  summary: 'Shows what runs, how it feels and how much memory it takes.',
  details: 'The exit code is 0 when every component is healthy, else 1.',
  options: {},
  json: true,
  async run() {
    const status = await statusOf(readRunState(loadSettings().home));
    const text =
      status.state === 'stopped'
        ? 'stopped: ./playground up starts it'
        : `${status.state}\n${statusTable(status)}\n  ${mebibytes(status.rssBytes)} resident in all`;
    return { report: status, text, ok: status.state === 'running' };
  },
});
