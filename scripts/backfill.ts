import { VerbError } from './lib/errors.ts';
import type { BackfillReport } from './lib/history/backfill.ts';
import { makeHistory } from './lib/history/ensureHistory.ts';
import { HISTORY_LIMITS } from './lib/history/limits.ts';
import { withLock } from './lib/lock.ts';
import { integer, valued } from './lib/options.ts';
import { findPlayground } from './lib/playground.ts';
import { loadSettings } from './lib/settings.ts';
import { columns } from './lib/text.ts';
import { defineVerb } from './lib/verb.ts';

const LOCK_WAIT_MS = 120_000;

export default defineVerb(import.meta, {
  summary: 'Gives a playground that has no data yet a past that is known to the unit.',
  details:
    'Payments with the rhythm of days and weeks, in both ASEs’ ledgers and in Prometheus alike, so that `truth`\nincludes them. `up --history 30d` does it before its start.',
  options: {
    days: valued('N', 'how far back; default 30', integer(HISTORY_LIMITS.days).default(30)),
    payments: valued(
      'N',
      `a day, on average; default ${HISTORY_LIMITS.paymentsPerDay}`,
      integer({ min: 1, max: 20_000 }).default(HISTORY_LIMITS.paymentsPerDay),
    ),
    seed: valued(
      'S',
      'which past; default 1',
      integer({ min: 0, max: 2 ** 32 - 1 }).default(HISTORY_LIMITS.seed),
    ),
  },
  json: true,
  async run({ options: { days, payments, seed }, say, signal }) {
    if (await findPlayground()) {
      throw new VerbError('the playground runs, and a past can only come before it', [
        './playground down --volumes forgets what it has; then backfill, then up',
      ]);
    }
    const settings = loadSettings();
    return withLock(settings.home, 'backfill', { say, signal, waitMs: LOCK_WAIT_MS }, async () => {
      const report = await makeHistory(settings, { days, seed, paymentsPerDay: payments }, { say, signal });
      return { report, text: textOf(report) };
    });
  },
});

function textOf({ payments, from, until, samples, ases, seconds }: BackfillReport): string {
  return [
    `${payments} payments from ${from} to ${until}, ${samples} samples, in ${seconds} s`,
    columns(
      ases.flatMap(({ ase, asset, sent, received }) => [
        [ase, 'sent', `${sent.payments} payments`, `${sent.units} units of ${asset}`],
        [ase, 'received', `${received.payments} payments`, `${received.units} units of ${asset}`],
      ]),
      '  ',
    ),
  ].join('\n');
}
