import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { runVerb } from '../runVerb.ts';
import { ROOT } from '../settings.ts';
import { readRunState } from '../state.ts';

/** Where a playground in a temporary folder keeps its state: in the folder, or in a copy's `.playground`. */
const HOMES = ['.', '.playground'];

/** Stops every playground in the folders of `folder`, whatever became of the test that had started it. */
export async function takeDownAll(folder: string): Promise<void> {
  const homes = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => HOMES.map((home) => path.join(folder, name, home)));
  for (const home of homes.filter(existsSync)) {
    const run = readRunState(home);
    if (run) await runVerb({ root: ROOT, home, portOffset: run.portOffset }, 'down', ['--volumes']);
  }
}
