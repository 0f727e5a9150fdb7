import { COLOUR } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import { stat, table, textFor, timeseries } from '../../panels.ts';
import { Q } from '../../queries.ts';
import {
  NO_ERROR_EVER,
  NO_RATES,
  NO_TELEMETRY,
  NO_TELEMETRY_FOR_ASSETS,
  NO_TELEMETRY_FROM_ASE,
  NOTHING_YET,
  UNIT_NOTE,
} from '../../words.ts';
import { COLUMN, TITLE } from './names.ts';

export const peers: Section = {
  title: 'Peers',
  lines: [
    line(4, [
      24,
      table({
        title: TITLE.peers('$instance'),
        description: `What this ASE and its peers owe each other, in units. ${UNIT_NOTE} Balance above 0: we owe the peer; below 0: the peer owes us, down to its credit limit, where its packets are rejected. Credited and debited are what fulfilled packets moved since the ledger began. Close to the limit: settle, or raise it.`,
        unit: 'none',
        noValue: NO_TELEMETRY_FOR_ASSETS,
        perAse: { maxPerLine: 2 },
        sortBy: [COLUMN.peer],
        columns: [
          { title: COLUMN.peer, label: 'peer_id', widthPx: 100 },
          { title: COLUMN.asset, label: 'token_id', widthPx: 64 },
          { title: COLUMN.balance, query: Q.peers.balance() },
          { title: COLUMN.limit, query: Q.peers.creditLimit(), widthPx: 124 },
          {
            title: COLUMN.used,
            query: Q.peers.limitUsed(),
            widthPx: 92,
            unit: 'percentunit',
            decimals: 1,
            colour: COLOUR.good,
            steps: [[0.8, COLOUR.bad]],
          },
          { title: COLUMN.credited, query: Q.peers.credited() },
          { title: COLUMN.debited, query: Q.peers.debited() },
        ],
      }),
    ]),
    line(
      8,
      [
        12,
        timeseries({
          title: 'Balances with peers',
          description:
            'What an ASE owes each peer (above 0) or is owed (below 0), in smallest units. Two sides of one relation mirror each other; if they drift apart, packets are in flight or a reply was lost.',
          unit: 'short',
          anyValue: true,
          noValue: NOTHING_YET,
          series: [
            { query: Q.peers.balanceOverTime(), name: '{{instance}} with {{peer_id}} ({{token_id}})' },
          ],
        }),
      ],
      [
        12,
        timeseries({
          title: 'Value a second, by peer',
          description:
            'Smallest units that fulfilled packets moved to and from each peer. One-sided flow ends at a credit limit: that is when to settle.',
          unit: 'short',
          noValue: NOTHING_YET,
          series: [
            { query: Q.peers.creditedPerSecond(), name: '{{instance}} to {{peer_id}}' },
            { query: Q.peers.debitedPerSecond(), name: '{{instance}} from {{peer_id}}', dashed: true },
          ],
        }),
      ],
    ),
  ],
};

export const errors: Section = {
  title: 'Errors',
  lines: [
    line(
      7,
      [
        18,
        timeseries({
          title: 'Errors a minute',
          description:
            'Packets that the chosen connectors refused or failed. Warnings are mostly the fault of who sent the packet; critical ones are ours: a peer out of reach, rates or ledger missing.',
          unit: 'none',
          bars: true,
          noValue: NOTHING_YET,
          series: [{ query: Q.errors.perMinute(), name: '{{severity}}' }],
          colours: { warning: COLOUR.attention, critical: COLOUR.bad },
        }),
      ],
      [
        6,
        stat({
          title: 'Newest error',
          description: 'When a chosen connector last refused or failed a packet, whatever the time range.',
          query: Q.errors.newest(),
          unit: 'dateTimeFromNow',
          colour: COLOUR.attention,
          mappings: [textFor(0, NO_ERROR_EVER, COLOUR.good)],
          noValue: NO_TELEMETRY,
        }),
      ],
    ),
    line(15, [
      24,
      table({
        title: TITLE.errorsByCause('$instance'),
        description:
          'All causes for which this connector refuses or fails packets, and how often. A cause that grows: insufficient_liquidity or throughput_exceeded, a limit is reached; peer_unreachable, the peer is down; rates_unavailable, the rates service is; wrong_fulfillment, a peer misbehaves.',
        unit: 'none',
        noValue: NO_TELEMETRY_FROM_ASE,
        perAse: true,
        sortBy: [COLUMN.severity, COLUMN.cause],
        columns: [
          { title: COLUMN.cause, label: 'type', widthPx: 172 },
          { title: COLUMN.severity, label: 'severity', widthPx: 88 },
          {
            title: COLUMN.lastHour,
            query: Q.errors.inLastHour(),
            steps: [[1, COLOUR.neutral]],
          },
          {
            title: COLUMN.total,
            query: Q.errors.total(),
            steps: [[1, COLOUR.neutral]],
          },
        ],
      }),
    ]),
  ],
};

export const rates: Section = {
  title: 'Exchange rates',
  lines: [
    line(
      7,
      [
        10,
        table({
          title: 'Exchange rates in use',
          description:
            'What one unit of an asset is worth in another, as each ASE loaded it. ASEs that disagree loaded at different times: the older one misses the rates service.',
          unit: 'none',
          noValue: NO_RATES,
          sortBy: ['ASE', 'From'],
          columns: [
            { title: 'ASE', label: 'instance' },
            { title: 'From', label: 'from' },
            { title: 'To', label: 'to' },
            { title: 'Rate', query: Q.rates.inUse(), decimals: 4 },
          ],
        }),
      ],
      [
        14,
        timeseries({
          title: 'Exchange rates over time',
          description:
            'The same rates over time, the highest that an ASE uses: flat within a day, a step when the day’s rates change.',
          unit: 'none',
          noValue: NO_RATES,
          series: [{ query: Q.rates.overTime(), name: '{{from}} → {{to}}' }],
        }),
      ],
    ),
  ],
};
