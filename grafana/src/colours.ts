/**
 * One colour, one meaning, on every board. The names are Grafana's: each has a hue for the dark and one for the
 * light theme, and the `semi-dark` ones keep a contrast of 4.5 : 1 as text on either background. No panel tells
 * anything by colour alone: names stand beside it.
 */
export const COLOUR = {
  good: 'semi-dark-green',
  bad: 'semi-dark-red',
  attention: 'semi-dark-orange',
  /** Neither good nor bad: volumes, and what is not meant to succeed. */
  neutral: 'semi-dark-blue',
  outgoing: 'semi-dark-blue',
  incoming: 'semi-dark-purple',
  quiet: 'text',
} as const;

export type Colour = (typeof COLOUR)[keyof typeof COLOUR];

/** What became of a payment or packet. */
export const OUTCOME_COLOUR: Record<string, Colour> = {
  completed: COLOUR.good,
  fulfilled: COLOUR.good,
  valid: COLOUR.good,
  failed: COLOUR.bad,
  rejected: COLOUR.bad,
  invalid: COLOUR.bad,
  final: COLOUR.bad,
  expired: COLOUR.attention,
  temporary: COLOUR.attention,
  unfulfillable: COLOUR.neutral,
  relative: COLOUR.neutral,
  warning: COLOUR.attention,
  critical: COLOUR.bad,
};

/** The slower the share of packets it speaks for, the warmer. */
export const QUANTILES = [
  { quantile: 0.5, name: 'p50', colour: COLOUR.good },
  { quantile: 0.95, name: 'p95', colour: COLOUR.attention },
  { quantile: 0.99, name: 'p99', colour: COLOUR.bad },
] as const;
