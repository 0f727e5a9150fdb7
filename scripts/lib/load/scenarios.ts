import path from 'node:path';
import { ROOT } from '../settings.ts';

export const SCENARIOS = ['smoke', 'ramp', 'spike', 'soak', 'packets', 'rate'] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** In the order in which one tries them. */
export function scriptOf(scenario: Scenario): string {
  return path.join(ROOT, 'scripts/load', `${SCENARIOS.indexOf(scenario) + 1}-${scenario}.js`);
}
