import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { alertsBoard } from './boards/alertsSlos/board.ts';
import { connectorHealthBoard } from './boards/connectorHealth/board.ts';
import { connectorOverviewBoard } from './boards/connectorOverview/board.ts';
import { httpNetworkBoard } from './boards/httpNetwork/board.ts';
import { loadTestBoard } from './boards/loadTest/board.ts';
import { networkOverviewBoard } from './boards/networkOverview/board.ts';
import { paymentsBoard } from './boards/payments/board.ts';
import { privacyLabBoard } from './boards/privacyLab/board.ts';
import { settlementActivityBoard } from './boards/settlementActivity/board.ts';
import { usageBoard } from './boards/usage/board.ts';

/** All boards by uid. */
export function generateBoards(): Record<string, Dashboard> {
  const boards = [
    paymentsBoard(),
    connectorOverviewBoard(),
    connectorHealthBoard(),
    httpNetworkBoard(),
    settlementActivityBoard(),
    networkOverviewBoard(),
    privacyLabBoard(),
    usageBoard(),
    alertsBoard(),
    loadTestBoard(),
  ];
  return Object.fromEntries(boards.map((board) => [board.uid!, board]));
}

/** The files of `grafana/dashboards`, by name. */
export function boardFiles(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(generateBoards()).map(([uid, board]) => [
      `${uid}.json`,
      `${JSON.stringify(board, null, 2)}\n`,
    ]),
  );
}
