import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PaymentDirection } from '../../../../telemetry/catalogue.ts';
import { board, linkTo } from '../../board.ts';
import { RATIO_DECIMALS } from '../../cells.ts';
import { COLOUR, DIRECTION_COLOUR, QUANTILES } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import { type PanelDraft, stat, table, textForNone, timeseries } from '../../panels.ts';
import { Q } from '../../queries.ts';
import type { PromQL } from '../../selector.ts';
import {
  NO_PAYMENTS,
  NO_PAYMENTS_YET,
  NO_TELEMETRY,
  NO_TELEMETRY_FOR_ASSETS,
  NOTHING_YET,
  UNIT_NOTE,
} from '../../words.ts';
import { CONNECTOR_OVERVIEW_UID } from '../connectorOverview/names.ts';
import { COLUMN, PAYMENTS_UID, TITLE } from './names.ts';

/** How many payments, how much, how much each: by ASE, direction and window, as in the Telemetry Tale. */
export function paymentsBoard(): Dashboard {
  return board({
    uid: PAYMENTS_UID,
    title: 'Payments',
    description: 'How many payments, of what value, and how well: by ASE and direction, exact to the unit.',
    tags: ['payments'],
    sections: [glance, byAse, flow],
  });
}

const glance: Section = {
  lines: [
    line(
      4,
      [
        6,
        stat({
          title: TITLE.sent,
          description:
            'Outgoing payments of all chosen ASEs that completed in the hour before the end of the time range. Stands still while traffic runs? Look at “Payments failed”, then at the connectors.',
          query: Q.payments.inLastHour({ direction: 'outgoing', state: 'completed' }),
          unit: 'none',
          colour: DIRECTION_COLOUR.outgoing,
          noValue: NO_TELEMETRY,
          links: [linkTo(CONNECTOR_OVERVIEW_UID, 'Connector overview')],
        }),
      ],
      [
        6,
        stat({
          title: TITLE.received,
          description:
            'Incoming payments of all chosen ASEs that completed in the last hour. One that is open for any amount completes only when its owner says so: fewer than sent is usual then.',
          query: Q.payments.inLastHour({ direction: 'incoming', state: 'completed' }),
          unit: 'none',
          colour: DIRECTION_COLOUR.incoming,
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        6,
        stat({
          title: TITLE.failed,
          description:
            'Outgoing payments that ended without delivering all of their value in the last hour. Above 0: the errors by cause on the connector overview tell which connector refused, and why.',
          query: Q.payments.inLastHour({ direction: 'outgoing', state: 'failed' }),
          unit: 'none',
          colour: COLOUR.good,
          steps: [[1, COLOUR.bad]],
          noValue: NO_TELEMETRY,
          links: [linkTo(CONNECTOR_OVERVIEW_UID, 'Connector overview')],
        }),
      ],
      [
        6,
        stat({
          title: TITLE.success,
          description:
            'Completed ÷ ended, of the outgoing payments of the last hour. Below 99 %: some payments fail; below 95 %: something is broken, most often liquidity or a peer that does not answer.',
          query: Q.payments.successRatioInLastHour(),
          unit: 'percentunit',
          decimals: RATIO_DECIMALS,
          colour: COLOUR.bad,
          steps: [
            [0.95, COLOUR.attention],
            [0.99, COLOUR.good],
          ],
          mappings: textForNone(NO_PAYMENTS),
          noValue: NO_TELEMETRY,
        }),
      ],
    ),
  ],
};

const byAse: Section = {
  title: '$instance',
  perAse: true,
  lines: [
    line(
      7,
      [
        12,
        paymentsTable(
          'outgoing',
          'Payments that customers of this ASE sent. The value is what really left, without the fee.',
        ),
      ],
      [
        12,
        paymentsTable(
          'incoming',
          'Payments that customers of this ASE received. The value counts as each packet arrives, the payment when it completes.',
        ),
      ],
    ),
  ],
};

const flow: Section = {
  title: 'Flow over time',
  lines: [
    line(
      8,
      [
        12,
        timeseries({
          title: 'Payments a minute',
          description:
            'Payments by how they ended, of all chosen ASEs. Sent and received are the two ends of the same payments, so the lines run together; a red line that leaves the ground means failures, lines at 0 while traffic runs mean that nothing completes.',
          unit: 'none',
          noValue: NOTHING_YET,
          series: [
            {
              query: Q.payments.perMinute({ direction: 'outgoing', state: 'completed' }),
              name: 'sent',
              colour: DIRECTION_COLOUR.outgoing,
            },
            {
              query: Q.payments.perMinute({ direction: 'incoming', state: 'completed' }),
              name: 'received',
              colour: DIRECTION_COLOUR.incoming,
              dashed: true,
            },
            {
              query: Q.payments.perMinute({ direction: 'outgoing', state: 'failed' }),
              name: 'failed',
              colour: COLOUR.bad,
            },
            {
              query: Q.payments.perMinute({ direction: 'incoming', state: 'expired' }),
              name: 'expired',
              colour: COLOUR.attention,
            },
          ],
        }),
      ],
      [
        12,
        timeseries({
          title: 'Value a minute',
          description:
            'Smallest units sent and received a minute, a line for each ASE and asset: amounts of different assets are never summed. Sent in one asset arrives in another at the exchange rate, so the lines differ.',
          unit: 'short',
          noValue: NOTHING_YET,
          series: [
            { query: Q.payments.valuePerMinute('outgoing'), name: '{{instance}} sent {{asset}}' },
            {
              query: Q.payments.valuePerMinute('incoming'),
              name: '{{instance}} received {{asset}}',
              dashed: true,
            },
          ],
        }),
      ],
    ),
    line(
      7,
      [
        8,
        timeseries({
          title: 'Success ratio over time',
          description:
            'Completed ÷ ended, of outgoing payments over five minutes, for each sending ASE. No line while nothing ends. A dip in one ASE alone points at its peer or liquidity; a dip in all, at the way between them.',
          unit: 'percentunit',
          max: 1,
          noValue: NO_PAYMENTS_YET,
          series: [{ query: Q.payments.successRatio(), name: '{{instance}}' }],
        }),
      ],
      [
        8,
        durations(
          'Payment duration',
          'Time from the creation of an outgoing payment to its end, for 50, 95 and 99 of 100. When it grows, look at the packet latency of the connectors: a payment is a handful of packets, one after another.',
          (q) => Q.payments.duration('outgoing', q),
        ),
      ],
      [
        8,
        durations(
          'Quote duration',
          'Time to make a quote, with the probe of the rate along the way to the receiver. Slow quotes with fast packets: the rates service is slow.',
          Q.payments.quoteDuration,
        ),
      ],
    ),
  ],
};

function paymentsTable(direction: PaymentDirection, meaning: string): PanelDraft {
  return table({
    title: TITLE.byAse[direction]('$instance'),
    description: `${meaning} ${UNIT_NOTE} Windows end at the end of the time range; the last row is everything since the ledger began. The average is value ÷ completed payments. Every number equals the ledger; \`./playground truth --panels\` checks it.`,
    unit: 'none',
    noValue: NO_TELEMETRY_FOR_ASSETS,
    columns: [
      { title: COLUMN.window, label: 'window' },
      { title: COLUMN.asset, label: 'asset' },
      { title: COLUMN.number, query: Q.payments.number(direction) },
      { title: COLUMN.value, query: Q.payments.value(direction) },
      {
        title: COLUMN.average,
        ratio: { of: COLUMN.value, to: COLUMN.number },
        mappings: textForNone(NO_PAYMENTS),
      },
    ],
  });
}

function durations(title: string, description: string, query: (quantile: number) => PromQL): PanelDraft {
  return timeseries({
    title,
    description,
    unit: 's',
    noValue: NO_PAYMENTS_YET,
    series: QUANTILES.map(({ quantile, ...line }) => ({ query: query(quantile), ...line })),
  });
}
