import type { MechanismName } from '../../apps/ase/src/telemetry/privacy/mechanism.ts';

/**
 * One colour, one meaning, on every board. The names are Grafana's: each stands for one hue on the dark and another
 * on the light theme. All have a contrast of 3 : 1 or more on either, as lines and large numbers need; all but
 * `attention` 4.5 : 1, as small text needs. Nothing is told by colour alone: words stand beside it.
 */
export const COLOUR = {
  good: 'semi-dark-green',
  bad: 'red',
  attention: 'dark-orange',
  /** Neither good nor bad: volumes, and what is not meant to succeed. */
  neutral: 'blue',
  other: 'purple',
  quiet: 'text',
} as const;

export const DIRECTION_COLOUR = { outgoing: COLOUR.neutral, incoming: COLOUR.other };

/**
 * The ASEs of the playground have colours of their own, so that a line is known again on the next panel and when
 * others are filtered away. Others get one of Grafana's by their name.
 */
export const ASE_COLOUR = {
  'cloud-nine': '#0fa3a3',
  'happy-life': '#d4569f',
  'global-bank': '#b98b00',
} as const;

export type Colour = (typeof COLOUR)[keyof typeof COLOUR] | (typeof ASE_COLOUR)[keyof typeof ASE_COLOUR];
export type TextColour = Exclude<(typeof COLOUR)[keyof typeof COLOUR], typeof COLOUR.attention>;

/** What became of a payment or packet, as a word in a table. */
export const WORD_COLOUR: Record<string, TextColour> = {
  fulfilled: COLOUR.good,
  valid: COLOUR.good,
  rejected: COLOUR.bad,
  invalid: COLOUR.bad,
  // Quotes end in these by design.
  unfulfillable: COLOUR.neutral,
  final: COLOUR.neutral,
};

/** Privacy mechanisms: the truth, the one that is known to be wrong, and the two that one may choose. */
export const MECHANISM_COLOUR = {
  off: COLOUR.good,
  rafiki: COLOUR.bad,
  unbiased: COLOUR.neutral,
  continual: COLOUR.other,
} as const satisfies Record<MechanismName, TextColour>;

/** The slower the packets that it speaks for, the warmer; points of single ones stand beside the slowest. */
export const QUANTILES = [
  { quantile: 0.5, name: 'p50', colour: COLOUR.good },
  { quantile: 0.95, name: 'p95', colour: COLOUR.attention },
  { quantile: 0.99, name: 'p99', colour: COLOUR.bad, exemplars: true },
] as const;
