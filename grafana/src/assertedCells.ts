import { connectorOverviewCells } from './boards/connectorOverview/cells.ts';
import { networkOverviewCells } from './boards/networkOverview/cells.ts';
import { paymentsCells } from './boards/payments/cells.ts';
import { privacyLabCells } from './boards/privacyLab/cells.ts';
import { settlementActivityCells } from './boards/settlementActivity/cells.ts';
import type { AssertedCell, ShownAses } from './cells.ts';

export { type AssertedCell, expectedText, type Reading, type ShownAses } from './cells.ts';

/**
 * Every number on the boards that must equal the ledger, where to find it, and what it is made of. It holds while
 * the boards' variables stand at All, and those of a cell at what it says.
 */
export function assertedCells(ases: ShownAses): AssertedCell[] {
  return [
    ...paymentsCells(ases),
    ...connectorOverviewCells(ases),
    ...settlementActivityCells(ases),
    ...networkOverviewCells(ases),
    ...privacyLabCells(ases),
  ];
}
