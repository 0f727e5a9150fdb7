import type { OperatorMetrics } from '../operatorMetrics.ts';
import { MECHANISMS, type Mechanism } from '../privacy/mechanism.ts';
import type { Release, Releases } from './releases.ts';
import { FAILURE_PROBABILITY } from './report.ts';

/** Lets the operator see what each mechanism does to the same amounts. */
export function observePrivacy(metrics: OperatorMetrics, releases: Releases): void {
  const each = (read: (mechanism: Mechanism) => number | undefined) => () =>
    MECHANISMS.flatMap((mechanism) => {
      const value = read(releases.mechanism('amount', mechanism));
      return value === undefined ? [] : [{ labels: { mechanism }, value }];
    });
  metrics.observe(
    'network_amount_error_bound_units',
    each((mechanism) => {
      const bound = mechanism.errorBound(FAILURE_PROBABILITY);
      return bound === undefined ? undefined : Number(bound);
    }),
  );
  metrics.observe(
    'network_privacy_epsilon',
    each((mechanism) => (protects(mechanism) ? releases.state.epsilon : Number.POSITIVE_INFINITY)),
  );
  metrics.observe(
    'network_privacy_epsilon_spent',
    each((mechanism) => mechanism.epsilonSpent()),
  );
  metrics.observe(
    'network_privacy_chosen',
    each(({ name }) => (name === releases.state.chosen ? 1 : 0)),
  );
}

/** After a commit of a release: the same that it added to the durable totals. */
export function countRelease(metrics: OperatorMetrics, release: Release): void {
  metrics.add('network_amount_true_units_total', {}, release.amountUnits);
  for (const mechanism of MECHANISMS) {
    metrics.add('network_amount_published_units_total', { mechanism }, release.publishedUnits[mechanism]);
  }
  for (const [asset, by] of release.unconverted) {
    metrics.add('network_telemetry_unconverted_total', { asset }, by);
  }
}

const protects = (mechanism: Mechanism): boolean => Number.isFinite(mechanism.epsilonSpent());
