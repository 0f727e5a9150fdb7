// What every script has in common: few labels, no leftovers, and every payment is ended and counted.

/** Tags become labels in Prometheus, so there are few of them. URLs are none. */
const TAGS = ['name', 'status', 'scenario'];

/** A payment that has begun may end: one that was cut off would be in the ledger and not in the count. */
export const END_WITHIN = '60s';

/**
 * @param {Record<string, object>} scenarios k6's own, each with an end
 * @param {Record<string, string[]>} thresholds the script's own
 */
export function limits(scenarios, thresholds) {
  return {
    scenarios: Object.fromEntries(
      Object.entries(scenarios).map(([name, scenario]) => [name, { gracefulStop: END_WITHIN, ...scenario }]),
    ),
    thresholds: { checks: ['rate==1'], ...thresholds },
    systemTags: TAGS,
    // Answers are read as JSON where they are needed.
    discardResponseBodies: false,
    noConnectionReuse: false,
    setupTimeout: '20s',
    summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
  };
}

/** The same for scripts that make payments. */
export function paymentLimits(scenarios, thresholds) {
  return limits(scenarios, { ...COUNTED, ...thresholds });
}

const OUTCOMES = ['completed', 'failed'];
const NAMES = ['cloud-nine', 'happy-life'];

/** k6 keeps a count by labels only where a threshold asks for it; these can never be crossed. */
const COUNTED = Object.fromEntries(
  NAMES.flatMap((ase) => [
    ...OUTCOMES.map((state) => `load_payments{ase:${ase},direction:outgoing,state:${state}}`),
    `load_payments{ase:${ase},direction:incoming,state:completed}`,
    `load_units{ase:${ase},direction:outgoing}`,
    `load_units{ase:${ase},direction:incoming}`,
  ]).map((name) => [name, ['count>=0']]),
);
