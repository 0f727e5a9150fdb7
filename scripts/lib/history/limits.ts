/** Prometheus keeps 40 days. Some 102 000 payments in 30 of them. */
export const HISTORY_LIMITS = { days: { min: 1, max: 38 }, paymentsPerDay: 3420 } as const;
