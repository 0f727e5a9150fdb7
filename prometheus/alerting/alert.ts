import type { Duration } from './duration.ts';
import type { Sla } from './sla.ts';

/** Who is told, and how urgently; Alertmanager has a route for each. */
export const SEVERITIES = ['critical', 'high', 'warning', 'heartbeat'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One alert. Its expression gives a series for everything that is wrong now. */
export interface Alert {
  name: string;
  severity: Severity;
  /** How long it has to be wrong; left out: at once. */
  for?: Duration;
  expr: (terms: Terms) => string;
  /** One line; may hold Prometheus' templates. */
  summary: string;
  /** What it means for whom, with the value. */
  description: string;
  /** Further labels, by which one alert silences another. */
  labels?: Record<string, string>;
  /** Where its number can be seen. */
  board: { uid: string; panel: string };
  /** What the guide calls it, where that is something else. */
  alias?: string;
}

/** What expressions are made with. */
export interface Terms {
  sla: Sla;
  /** A window by its length in the committed rules; tests have shorter ones. */
  window: (window: Duration) => Duration;
}
