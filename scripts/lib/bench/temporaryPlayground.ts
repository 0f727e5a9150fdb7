import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { VerbError } from '../errors.ts';
import { freePorts } from '../freePorts.ts';
import { describePlayground, type Playground } from '../playground.ts';
import { preparePrograms } from '../programs.ts';
import { runVerb } from '../runVerb.ts';
import { ROOT, type Settings } from '../settings.ts';
import { readRunState, readSecrets } from '../state.ts';

/** A playground in a folder and at ports of its own, driven by the commands that users type. */
export interface TemporaryPlayground {
  settings: Settings;
  /** Runs `./playground VERB`; one that does not end well ends the bench. Gives the time it took. */
  verb<Report>(name: string, ...words: string[]): Promise<{ seconds: number; report: Report }>;
  /** Where its parts are, once it is up. */
  describe(): Playground;
}

interface Context {
  say(line: string): void;
  signal: AbortSignal;
}

/**
 * Makes a place for a playground and leaves nothing of it, whatever `work` does or throws. Everything that `up` would
 * get is there before: a warm start is the matter, and nothing shall be built beside what is measured.
 */
export async function withTemporaryPlayground<T>(
  context: Context,
  work: (playground: TemporaryPlayground) => Promise<T>,
): Promise<T> {
  const { signal } = context;
  await preparePrograms({ dashboards: 'viewer', core: false }, '', context);
  const home = await mkdtemp(path.join(tmpdir(), 'playground-bench-'));
  const settings = { home, ...(await freePorts()) };
  const place = { root: ROOT, ...settings };
  try {
    return await work({
      settings,
      async verb<Report>(name: string, ...words: string[]) {
        const startedAtMs = performance.now();
        const run = await runVerb<Report>(place, name, words, { program: 'launcher', signal });
        const seconds = (performance.now() - startedAtMs) / 1000;
        if (run.exitCode !== 0) {
          throw new VerbError(
            `./playground ${[name, ...words].join(' ')} failed with exit code ${run.exitCode}`,
            run.stderr.trim().split('\n').slice(-10),
          );
        }
        return { seconds, report: run.report };
      },
      describe() {
        const run = readRunState(home);
        const secrets = readSecrets(home);
        if (!run || !secrets) throw new Error('the temporary playground is not up');
        return describePlayground(settings, run, secrets.adminToken);
      },
    });
  } finally {
    // Without the signal: what was started has to end, above all after an interruption.
    await runVerb(place, 'down', ['--volumes']);
    await rm(home, { recursive: true, force: true });
  }
}
