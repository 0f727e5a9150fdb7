import path from 'node:path';
import { withLock } from './lib/lock.ts';
import { flag } from './lib/options.ts';
import { requirePlayground } from './lib/playground.ts';
import { truthText } from './lib/truth/render.ts';
import { truthOf } from './lib/truth/truth.ts';
import { defineVerb } from './lib/verb.ts';

/** Another check would give the traffic back in the middle of this one. */
const LOCK_WAIT_MS = 180_000;

export default defineVerb(import.meta, {
  summary: 'Proves that every number is the same in the ledger, the SDK, the collector and Prometheus.',
  details:
    'Background traffic pauses while it looks. Numbers are compared digit by digit; the ledgers audit their own\nbooks as well. The exit code is 0 when all is equal, else 1.',
  options: { panels: flag('also open the boards in a browser and compare what the panels show') },
  json: true,
  async run({ options, say, signal }) {
    const playground = await requirePlayground();
    const lockFolder = path.join(playground.settings.home, 'truth');
    return withLock(lockFolder, 'truth', { say, signal, waitMs: LOCK_WAIT_MS }, async () => {
      const report = await truthOf(playground, options, { say, signal });
      return { report, text: truthText(report), ok: report.equal };
    });
  },
});
