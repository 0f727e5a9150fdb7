import { bareSeconds } from './bareRun.ts';
import { alternate, type Bench } from './bench.ts';
import { withTemporaryPlayground } from './temporaryPlayground.ts';

const PAYMENTS = 200;
/** As many at a time as `seed` has. */
const CONCURRENCY = 10;

/** Payments through all of it, with books and telemetry, beside payments through none of it. */
export const SEED: Bench = {
  summary: `\`seed --payments ${PAYMENTS}\` on a full playground with background traffic, until visible in Prometheus`,
  baseline: `the same amounts by bare @interledger/pay to a bare STREAM receiver over loopback HTTP, ${CONCURRENCY} at a time`,
  defaultRounds: 5,
  run(context) {
    return withTemporaryPlayground(context, async (playground) => {
      await playground.verb('up');
      const { ours, baseline } = await alternate(
        context,
        async (round) => {
          const words = ['--payments', String(PAYMENTS), '--seed', String(round)];
          return (await playground.verb('seed', ...words)).seconds;
        },
        // Both sides count from the start of a process to its end.
        (round) => bareSeconds({ payments: PAYMENTS, concurrency: CONCURRENCY, seed: round }, context),
      );
      const perSecond = (seconds: number) => PAYMENTS / seconds;
      return [
        { name: `seed --payments ${PAYMENTS}`, unit: 'seconds', goal: 15, ours, baseline },
        {
          name: 'seed rate',
          unit: 'payments/s',
          ours: ours.map(perSecond),
          baseline: baseline.map(perSecond),
        },
      ];
    });
  },
};
