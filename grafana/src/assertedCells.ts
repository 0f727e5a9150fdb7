import { connectorOverviewCells } from './boards/connectorOverview.ts';
import { paymentsCells } from './boards/payments.ts';
import type { AssertedCell, Topology } from './cells.ts';

export { type AssertedCell, expectedText, type Formula, type Reading, type Topology } from './cells.ts';

/** Every number on the boards that must equal the ledger, where to find it, and what it is made of. */
export function assertedCells(topology: Topology): AssertedCell[] {
  return [...paymentsCells(topology), ...connectorOverviewCells(topology)];
}
