import { CONNECTOR_ERRORS, PACKET_OUTCOMES } from '../../../../telemetry/catalogue.ts';
import { type AssertedCell, cellsOn, inLastHour, type ShownAse, type ShownAses } from '../../cells.ts';
import type { Window } from '../../windows.ts';
import { NO_PACKETS } from '../../words.ts';
import { COLUMN, CONNECTOR_OVERVIEW_UID, PEER_NUMBERS, TITLE } from './names.ts';

const { inTable, whole } = cellsOn(CONNECTOR_OVERVIEW_UID);

/** Where the ledger's numbers stand on the Connector overview. */
export function connectorOverviewCells(ases: ShownAses): AssertedCell[] {
  const fulfilled = inLastHour(ases, 'ilp_packets_processed_total', { type: 'prepare', status: 'fulfilled' });
  const rejected = inLastHour(ases, 'ilp_packets_processed_total', { type: 'prepare', status: 'rejected' });
  const critical = CONNECTOR_ERRORS.filter(({ severity }) => severity === 'critical');
  return [
    whole(TITLE.fulfilled, { kind: 'sum', of: fulfilled }),
    whole(TITLE.rejected, { kind: 'sum', of: rejected }),
    whole(TITLE.success, {
      kind: 'ratio',
      part: fulfilled,
      whole: [...fulfilled, ...rejected],
      none: NO_PACKETS,
    }),
    whole(TITLE.criticalErrors, {
      kind: 'sum',
      of: critical.flatMap((labels) => inLastHour(ases, 'connector_errors_total', labels)),
    }),
    ...ases.flatMap((ase) => [...packetCells(ase), ...errorCells(ase), ...peerCells(ase)]),
  ];
}

const COUNTED: [Window, column: string][] = [
  ['1h', COLUMN.lastHour],
  ['total', COLUMN.total],
];

function packetCells({ name }: ShownAse): AssertedCell[] {
  return PACKET_OUTCOMES.flatMap((labels) =>
    COUNTED.map(([window, column]) =>
      inTable(TITLE.packets, { [COLUMN.type]: labels.type, [COLUMN.outcome]: labels.status }, column, {
        instance: name,
        quantity: 'ilp_packets_processed_total',
        labels,
        window,
      }),
    ),
  );
}

function errorCells({ name }: ShownAse): AssertedCell[] {
  return CONNECTOR_ERRORS.flatMap((labels) =>
    COUNTED.map(([window, column]) =>
      inTable(
        TITLE.errorsByCause,
        { [COLUMN.cause]: labels.type, [COLUMN.severity]: labels.severity },
        column,
        { instance: name, quantity: 'connector_errors_total', labels, window },
      ),
    ),
  );
}

function peerCells({ name, peers }: ShownAse): AssertedCell[] {
  return peers.flatMap(({ id, assetCode }) =>
    PEER_NUMBERS.map(({ column, quantity, byAsset }) =>
      inTable(TITLE.peers, { [COLUMN.peer]: id }, column, {
        instance: name,
        quantity,
        labels: byAsset ? { peer_id: id, token_id: assetCode } : { peer_id: id },
        window: 'total',
      }),
    ),
  );
}
