import { randomUUID } from 'node:crypto';
import { createHttpJson } from '../apps/traffic/src/httpJson.ts';
import { UsageError } from './lib/errors.ts';
import { integer, oneOf, valued } from './lib/options.ts';
import { requirePlayground } from './lib/playground.ts';
import { makePayments } from './lib/seed/makePayments.ts';
import { planPayments } from './lib/seed/plan.ts';
import { seedReport, seedText } from './lib/seed/report.ts';
import { waitUntilVisible } from './lib/seed/visible.ts';
import { END_ASES } from './lib/topology.ts';
import { defineVerb } from './lib/verb.ts';

export default defineVerb(import.meta, {
  summary: 'Makes payments that a seed determines, and waits until Prometheus shows them.',
  details:
    'The same seed gives the same payments: wallets, amounts, directions, fixed send or fixed receive. An ASE\nthat is killed in between is waited for; no payment is made twice.',
  options: {
    payments: valued('N', 'how many; default 20', integer({ min: 1, max: 100_000 }).default(20)),
    seed: valued('S', 'a whole number; default 1', integer({ min: 0, max: 2 ** 32 - 1 }).default(1)),
    from: valued('ASE', `who pays: ${END_ASES.join(' or ')}; default both`, oneOf(END_ASES).optional()),
    to: valued('ASE', 'who is paid; default the other one', oneOf(END_ASES).optional()),
  },
  json: true,
  async run({ options, say, signal }) {
    const { payments, seed, from, to } = options;
    if (from !== undefined && from === to) throw new UsageError('--from and --to must be different ASEs');
    const playground = await requirePlayground();
    const startedAtMs = Date.now();
    const http = createHttpJson();
    try {
      const planned = planPayments({ payments, seed, from, to });
      // A new run pays again, a retry within a run does not.
      const run = `seed-${seed}-${randomUUID()}`;
      const outcomes = await makePayments(planned, { playground, http, run, say, signal });
      await waitUntilVisible(playground, { say, signal });
      const report = seedReport({ seed, payments }, outcomes, playground.ases);
      const seconds = (Date.now() - startedAtMs) / 1000;
      return { report, text: seedText(report, seconds), ok: report.payments.failed === 0 };
    } finally {
      http.close();
    }
  },
});
