import { rmSync } from 'node:fs';
import path from 'node:path';
import { composeDown } from './lib/compose/down.ts';
import { messageOf } from './lib/errors.ts';
import { withLock } from './lib/lock.ts';
import { flag } from './lib/options.ts';
import { findOrphans } from './lib/orphans.ts';
import { observe } from './lib/running.ts';
import { loadSettings } from './lib/settings.ts';
import { stopComponents } from './lib/start.ts';
import { deleteRunState, type RunningComponent, readRunState } from './lib/state.ts';
import { defineVerb } from './lib/verb.ts';

/** As long as a start may take: a `down` never falls into the middle of an `up`. */
const LOCK_WAIT_MS = 120_000;

export default defineVerb(import.meta, {
  summary: 'Stops the playground and leaves no process behind; its data stays.',
  options: { volumes: flag('delete the data, the logs and the secrets as well') },
  json: true,
  async run({ options, say, signal }) {
    const settings = loadSettings();
    const { home } = settings;
    return withLock(home, 'down', { say, signal, waitMs: LOCK_WAIT_MS }, async () => {
      const known = knownComponents(home, say).filter((component) => observe(component).process);
      const alive = [...known, ...findOrphans(home, known)];
      const killed = await stopComponents(alive);
      for (const name of killed) say(`${name} did not end by itself and was killed`);
      deleteRunState(home);
      if (options.volumes) deleteData(home);
      const containers = await composeDown(settings, { volumes: options.volumes, signal });
      const stopped = [...alive.map(({ name }) => name), ...(containers ?? [])];
      const deleted = options.volumes ? '; its data is deleted' : '';
      return {
        report: { stopped, killed, volumesDeleted: options.volumes },
        text:
          stopped.length > 0 ? `stopped ${stopped.join(', ')}${deleted}` : `nothing was running${deleted}`,
      };
    });
  },
});

/** A damaged note is no reason to leave processes behind: they are found by what they were started with. */
function knownComponents(home: string, say: (line: string) => void): RunningComponent[] {
  try {
    return readRunState(home)?.components ?? [];
  } catch (error) {
    say(`${messageOf(error)}; looking for its processes`);
    return [];
  }
}

/** Only what `up` makes: the folder may be one that somebody named in PLAYGROUND_HOME. */
function deleteData(home: string): void {
  for (const name of ['data', 'logs', 'prometheus', 'secrets.json']) {
    rmSync(path.join(home, name), { recursive: true, force: true });
  }
}
