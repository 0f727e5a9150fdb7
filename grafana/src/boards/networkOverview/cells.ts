import {
  NETWORK_LABEL,
  NETWORKS,
  type NetworkCounter,
  type NetworkName,
} from '../../../../telemetry/networkCatalogue.ts';
import { type AssertedCell, DOLLAR_DECIMALS, type Reading, type ShownAses } from '../../cells.ts';
import { NETWORK_VARIABLE } from '../../selector.ts';
import type { Window } from '../../windows.ts';
import { NO_TRANSACTIONS } from '../../words.ts';
import { COLUMN, COUNTERS, NETWORK_OVERVIEW_UID, SHOWN_WINDOWS, TITLE } from './names.ts';

/** Where the numbers of the ASEs that tell a network stand on the Network overview. */
export function networkOverviewCells(ases: ShownAses): AssertedCell[] {
  return NETWORKS.flatMap((network) => {
    const sources = ases.filter((ase) => ase.network === network).map(({ name }) => name);
    return sources.length > 0 ? cellsOf(network, sources) : [];
  });
}

function cellsOf(network: NetworkName, sources: readonly string[]): AssertedCell[] {
  const reading =
    (quantity: NetworkCounter, window: Window) =>
    (source: string): Reading => ({
      instance: source,
      quantity,
      labels: { [NETWORK_LABEL]: network },
      window,
    });
  const cell = (
    panelTitle: string,
    place: AssertedCell['place'],
    value: AssertedCell['value'],
    dollarDecimals?: number,
  ): AssertedCell => ({
    boardUid: NETWORK_OVERVIEW_UID,
    panelTitle,
    place,
    value,
    variables: { [NETWORK_VARIABLE]: network },
    ...(dollarDecimals !== undefined && { dollarDecimals }),
  });

  const windows = SHOWN_WINDOWS.flatMap(({ id, text }) => {
    const count = sources.map(reading('transactions_total', id));
    const total = sources.map(reading('packet_amount_fulfill_total', id));
    return [
      cell(TITLE.transactions(text), 'panel', { kind: 'sum', of: count }),
      cell(TITLE.value(text), 'panel', { kind: 'sum', of: total }, DOLLAR_DECIMALS.short),
      cell(
        TITLE.average(text),
        'panel',
        { kind: 'average', total, count, none: NO_TRANSACTIONS },
        DOLLAR_DECIMALS.short,
      ),
      ...sources.flatMap((source, i) => {
        const at = (column: string) => ({ row: { [COLUMN.source]: source }, column });
        const [own, ofOwn] = [[count[i]!], [total[i]!]];
        const title = TITLE.bySource(text);
        return [
          cell(title, at(COLUMN.transactions), { kind: 'sum', of: own }),
          cell(title, at(COLUMN.value), { kind: 'sum', of: ofOwn }, DOLLAR_DECIMALS.exact),
          cell(
            title,
            at(COLUMN.average),
            { kind: 'average', total: ofOwn, count: own, none: NO_TRANSACTIONS },
            DOLLAR_DECIMALS.short,
          ),
        ];
      }),
    ];
  });
  const counters = sources.flatMap((source) =>
    COUNTERS.map(({ column, quantity, isAmount }) =>
      cell(
        TITLE.counters,
        { row: { [COLUMN.source]: source }, column },
        { kind: 'sum', of: [reading(quantity, 'total')(source)] },
        isAmount ? DOLLAR_DECIMALS.exact : undefined,
      ),
    ),
  );
  return [...windows, ...counters];
}
