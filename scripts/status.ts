import { type ComposeRun, findComposeRun, readGrafanaPassword } from './lib/compose/running.ts';
import { composeStatus } from './lib/compose/status.ts';
import { loadSettings } from './lib/settings.ts';
import { readRunState } from './lib/state.ts';
import { residentText, statusOf, statusTable } from './lib/status.ts';
import { defineVerb } from './lib/verb.ts';

export default defineVerb(import.meta, {
  summary: 'Shows what runs, how it feels and how much memory it takes.',
  details: 'The exit code is 0 when every component is healthy, else 1.',
  options: {},
  json: true,
  async run() {
    const settings = loadSettings();
    const embedded = await statusOf(readRunState(settings.home));
    const compose = embedded.state === 'stopped' ? await findComposeRun(settings) : undefined;
    const status = compose ? await composeStatus(compose) : embedded;
    const text =
      status.state === 'stopped'
        ? 'stopped: ./playground up starts it'
        : [
            status.state,
            statusTable(status),
            `  ${residentText(status)}`,
            ...(compose ? await grafanaLines(compose) : []),
          ].join('\n');
    return { report: status, text, ok: status.state === 'running' };
  },
});

/** For people only: a JSON document ends up in logs. */
async function grafanaLines(run: ComposeRun): Promise<string[]> {
  const password = await readGrafanaPassword(run);
  return password === undefined ? [] : [`  Grafana's administrator: admin, password ${password}`];
}
