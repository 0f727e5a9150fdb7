import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { CONNECTOR_ERRORS, type MetricName, PACKET_OUTCOMES } from '../../../telemetry/catalogue.ts';
import { board } from '../board.ts';
import {
  type AssertedCell,
  type Formula,
  NO_PACKETS,
  RATIO_DECIMALS,
  type Reading,
  type Topology,
} from '../cells.ts';
import { COLOUR, OUTCOME_COLOUR, QUANTILES } from '../colours.ts';
import { line, type Section } from '../layout.ts';
import { heatmap, stat, table, textFor, textForNone, timeseries } from '../panels.ts';
import { Q } from '../queries.ts';
import type { Window } from '../windows.ts';

export const CONNECTOR_OVERVIEW_UID = 'connector-overview';

/** How the connectors fare: packets, latency, peers, errors, rates. */
export function connectorOverviewBoard(): Dashboard {
  return board({
    uid: CONNECTOR_OVERVIEW_UID,
    title: 'Connector overview',
    description:
      'Packets by outcome, latency, balances with peers, errors by cause and exchange rates in use.',
    tags: ['connector'],
    sections: [glance, packets, latency, peers, errors, rates],
  });
}

/** Where the ledger's numbers stand on this board. */
export function connectorOverviewCells({ ases }: Topology): AssertedCell[] {
  const everywhere = (quantity: MetricName, labels: Record<string, string>): Reading[] =>
    ases.map(({ name }) => ({ instance: name, quantity, labels, window: '1h' }));
  const fulfilled = everywhere('ilp_packets_processed_total', { type: 'prepare', status: 'fulfilled' });
  const rejected = everywhere('ilp_packets_processed_total', { type: 'prepare', status: 'rejected' });
  const atPanel = (panelTitle: string, value: Formula): AssertedCell => ({
    boardUid: CONNECTOR_OVERVIEW_UID,
    panelTitle,
    place: 'panel',
    value,
  });
  return [
    atPanel(TITLE.fulfilled, { kind: 'sum', of: fulfilled }),
    atPanel(TITLE.rejected, { kind: 'sum', of: rejected }),
    atPanel(TITLE.success, { kind: 'ratio', part: fulfilled, whole: [...fulfilled, ...rejected] }),
    atPanel(TITLE.errors, {
      kind: 'sum',
      of: CONNECTOR_ERRORS.flatMap((labels) => everywhere('connector_errors_total', labels)),
    }),
    ...ases.flatMap((ase) => [
      ...PACKET_OUTCOMES.flatMap((labels) =>
        COUNTED.map(([window, column]) =>
          cell(
            TITLE.packets,
            ase.name,
            { [COLUMN.type]: labels.type, [COLUMN.outcome]: labels.status },
            column,
            {
              quantity: 'ilp_packets_processed_total',
              labels,
              window,
            },
          ),
        ),
      ),
      ...CONNECTOR_ERRORS.flatMap((labels) =>
        COUNTED.map(([window, column]) =>
          cell(
            TITLE.errorsByCause,
            ase.name,
            { [COLUMN.cause]: labels.type, [COLUMN.severity]: labels.severity },
            column,
            {
              quantity: 'connector_errors_total',
              labels,
              window,
            },
          ),
        ),
      ),
      ...ase.peers.flatMap(({ id: peer_id, asset: token_id }) =>
        PEER_NUMBERS.map(({ column, quantity, byAsset }) =>
          cell(TITLE.peers, ase.name, { [COLUMN.peer]: peer_id }, column, {
            quantity,
            labels: byAsset ? { peer_id, token_id } : { peer_id },
            window: 'total',
          }),
        ),
      ),
    ]),
  ];
}

const TITLE = {
  fulfilled: 'Packets fulfilled, last hour',
  rejected: 'Packets rejected, last hour',
  success: 'Packet success, last hour',
  errors: 'Errors, last hour',
  packets: (ase: string) => `${ase} · packets by type and outcome`,
  errorsByCause: (ase: string) => `${ase} · errors by cause`,
  peers: (ase: string) => `${ase} · peers`,
};
const COLUMN = {
  type: 'Packet',
  outcome: 'Outcome',
  cause: 'Cause',
  severity: 'Severity',
  lastHour: 'Last hour',
  total: 'All time',
  peer: 'Peer',
  asset: 'Asset',
  balance: 'Balance',
  limit: 'Credit limit',
  used: 'Limit used',
  credited: 'Credited',
  debited: 'Debited',
};
const COUNTED: [Window, string][] = [
  ['1h', COLUMN.lastHour],
  ['total', COLUMN.total],
];
const PEER_NUMBERS: { column: string; quantity: MetricName; byAsset: boolean }[] = [
  { column: COLUMN.balance, quantity: 'account_balance_units', byAsset: true },
  { column: COLUMN.limit, quantity: 'account_credit_limit_units', byAsset: true },
  { column: COLUMN.credited, quantity: 'account_credits_total', byAsset: false },
  { column: COLUMN.debited, quantity: 'account_debits_total', byAsset: false },
];

const NO_TELEMETRY = 'No telemetry from the chosen ASEs in this time range';
const NOT_YET = 'Nothing in this time range yet';
const SUCCESS_STEPS: [number, (typeof COLOUR)['good' | 'attention']][] = [
  [0.95, COLOUR.attention],
  [0.99, COLOUR.good],
];

function cell(
  title: (ase: string) => string,
  instance: string,
  row: Record<string, string>,
  column: string,
  reading: Omit<Reading, 'instance'>,
): AssertedCell {
  return {
    boardUid: CONNECTOR_OVERVIEW_UID,
    panelTitle: title(instance),
    place: { row, column },
    value: { kind: 'sum', of: [{ instance, ...reading }] },
  };
}

const glance: Section = {
  lines: [
    line(
      4,
      [
        4,
        stat({
          title: TITLE.fulfilled,
          description:
            'ILP Prepares that came back with a Fulfill in the last hour, counted by each connector that they passed. Stands still while payments run? Look at rejected packets and errors.',
          query: Q.packets.fulfilledInLastHour(),
          unit: 'none',
          colour: COLOUR.good,
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        4,
        stat({
          title: TITLE.rejected,
          description:
            'ILP Prepares that came back with a Reject in the last hour, without the probes of quotes. A few are normal (a sender finds its packet size that way); many with few fulfilled are not: see the errors by cause.',
          query: Q.packets.rejectedInLastHour(),
          unit: 'none',
          colour: COLOUR.good,
          steps: [[1, COLOUR.attention]],
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        4,
        stat({
          title: TITLE.success,
          description:
            'Fulfilled ÷ (fulfilled + rejected) of the last hour. The probes of quotes cannot be fulfilled and do not count. Below 95 %: look at the errors by cause.',
          query: Q.packets.successRatioInLastHour(),
          unit: 'percentunit',
          decimals: RATIO_DECIMALS,
          colour: COLOUR.bad,
          steps: SUCCESS_STEPS,
          mappings: textForNone(NO_PACKETS),
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        4,
        stat({
          title: 'Packet latency p95',
          description:
            'Of 100 packets, 95 had their reply within this time, over the last few seconds. Above 1 s senders begin to time out: see which connector is slow below.',
          query: Q.packets.latency(0.95),
          unit: 's',
          decimals: 1,
          colour: COLOUR.good,
          steps: [
            [0.25, COLOUR.attention],
            [1, COLOUR.bad],
          ],
          mappings: textForNone('no packets now'),
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        4,
        stat({
          title: 'Packets in flight',
          description:
            'Prepares that wait for their reply at this moment, in all chosen connectors. 0 between payments; a number that only grows means that replies are lost.',
          query: Q.packets.inFlight(),
          unit: 'none',
          colour: COLOUR.neutral,
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        4,
        stat({
          title: TITLE.errors,
          description:
            'Packets that a connector itself refused or failed in the last hour, by any cause. Above 0: the tables at the end of this board name the causes.',
          query: Q.errors.allInLastHour(),
          unit: 'none',
          colour: COLOUR.good,
          steps: [[1, COLOUR.bad]],
          noValue: NO_TELEMETRY,
        }),
      ],
    ),
  ],
};

const packets: Section = {
  title: 'Packets',
  lines: [
    line(10, [
      24,
      table({
        title: TITLE.packets('$instance'),
        description:
          'Every ILP packet that this connector saw, by type and outcome. “unfulfillable” Prepares are the probes of quotes: nobody can fulfill them, they are no failures. Many “final” Rejects: wrong addresses or closed payments; many “temporary” ones: liquidity or a peer that does not answer.',
        unit: 'none',
        noValue: 'No telemetry from $instance: is it running?',
        perAse: true,
        columns: [
          { title: COLUMN.type, label: 'type' },
          { title: COLUMN.outcome, label: 'status', colours: OUTCOME_COLOUR },
          { title: COLUMN.lastHour, query: Q.packets.inLastHour() },
          { title: COLUMN.total, query: Q.packets.total() },
        ],
      }),
    ]),
    line(
      7,
      [
        8,
        timeseries({
          title: 'Prepares a second, by outcome',
          description:
            'Packets with money, by how they ended, of all chosen connectors. Red above green: more is refused than delivered.',
          unit: 'none',
          decimals: 1,
          bars: true,
          noValue: NOT_YET,
          series: [{ query: Q.packets.perSecond('prepare'), name: '{{status}}' }],
          colours: { fulfilled: COLOUR.good, rejected: COLOUR.bad, unfulfillable: COLOUR.neutral },
        }),
      ],
      [
        8,
        timeseries({
          title: 'Rejects a second, by kind',
          description:
            'Final: trying again is useless. Temporary: may work later, often liquidity. Relative: the sender should adapt, such as a smaller packet. Quotes end in final Rejects by design.',
          unit: 'none',
          decimals: 1,
          bars: true,
          noValue: NOT_YET,
          series: [{ query: Q.packets.perSecond('reject'), name: '{{status}}' }],
          colours: { final: COLOUR.bad, temporary: COLOUR.attention, relative: COLOUR.neutral },
        }),
      ],
      [
        8,
        timeseries({
          title: 'Throughput',
          description:
            'Prepares a second through each connector. It follows the payments; when payments wait while it is flat, a connector is at its limit.',
          unit: 'none',
          decimals: 1,
          noValue: NOT_YET,
          series: [{ query: Q.packets.perSecondByAse(), name: '{{instance}}' }],
        }),
      ],
    ),
  ],
};

const latency: Section = {
  title: 'Latency',
  lines: [
    line(8, [
      24,
      timeseries({
        title: '$instance · packet latency',
        description:
          'Time from a Prepare to its reply as this connector saw it, the way onward included: 50, 95 and 99 of 100 packets were faster. The sending side is slower than the receiving side by the way between them. No line while no packet passes.',
        unit: 's',
        noValue: NOT_YET,
        perAse: true,
        series: QUANTILES.map(({ quantile, name, colour }) => ({
          query: Q.packets.latency(quantile),
          name,
          colour,
        })),
      }),
    ]),
    line(8, [
      24,
      heatmap({
        title: '$instance · packet latency heatmap',
        description:
          'How many packets took how long: the darker, the more. Two bands are two kinds of packets, such as quotes and payments; a band that climbs is a connector that slows down.',
        unit: 's',
        noValue: NOT_YET,
        perAse: true,
        query: Q.packets.latencyBuckets(),
      }),
    ]),
    line(7, [
      24,
      timeseries({
        title: 'Packets in flight over time',
        description:
          'Prepares that wait for their reply, by connector. It breathes with the traffic; a floor that rises means lost replies or a slow peer.',
        unit: 'none',
        decimals: 0,
        noValue: NOT_YET,
        series: [{ query: Q.packets.inFlightByAse(), name: '{{instance}}' }],
      }),
    ]),
  ],
};

const peers: Section = {
  title: 'Peers',
  lines: [
    line(4, [
      24,
      table({
        title: TITLE.peers('$instance'),
        description:
          'What this ASE and its peers owe each other, in smallest units. Balance above 0: we owe the peer; below 0: the peer owes us, down to its credit limit, where its packets are rejected. Credited and debited are what fulfilled packets moved since the ledger began. Close to the limit: settle, or raise it.',
        unit: 'none',
        noValue: 'No telemetry from $instance for the chosen assets, or it has no peers',
        perAse: true,
        columns: [
          { title: COLUMN.peer, label: 'peer_id' },
          { title: COLUMN.asset, label: 'token_id' },
          { title: COLUMN.balance, query: Q.peers.balance() },
          { title: COLUMN.limit, query: Q.peers.creditLimit() },
          {
            title: COLUMN.used,
            query: Q.peers.limitUsed(),
            unit: 'percentunit',
            decimals: 1,
            colour: COLOUR.good,
            steps: [
              [0.7, COLOUR.attention],
              [0.9, COLOUR.bad],
            ],
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
          noValue: NOT_YET,
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
          noValue: NOT_YET,
          series: [
            { query: Q.peers.creditedPerSecond(), name: '{{instance}} to {{peer_id}}' },
            { query: Q.peers.debitedPerSecond(), name: '{{instance}} from {{peer_id}}' },
          ],
        }),
      ],
    ),
  ],
};

const errors: Section = {
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
          decimals: 1,
          bars: true,
          noValue: NOT_YET,
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
          mappings: [textFor(0, 'never', COLOUR.good)],
          noValue: NO_TELEMETRY,
        }),
      ],
    ),
    line(14, [
      24,
      table({
        title: TITLE.errorsByCause('$instance'),
        description:
          'All causes for which this connector refuses or fails packets, and how often. A cause that grows: insufficient_liquidity or throughput_exceeded, a limit is reached; peer_unreachable, the peer is down; rates_unavailable, the rates service is; wrong_fulfillment, a peer misbehaves.',
        unit: 'none',
        noValue: 'No telemetry from $instance: is it running?',
        perAse: true,
        columns: [
          { title: COLUMN.cause, label: 'type' },
          { title: COLUMN.severity, label: 'severity', colours: OUTCOME_COLOUR },
          {
            title: COLUMN.lastHour,
            query: Q.errors.inLastHour(),
            colour: COLOUR.quiet,
            steps: [[1, COLOUR.bad]],
          },
          {
            title: COLUMN.total,
            query: Q.errors.total(),
            colour: COLOUR.quiet,
            steps: [[1, COLOUR.attention]],
          },
        ],
      }),
    ]),
  ],
};

const rates: Section = {
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
          noValue: 'No rates loaded yet: is the rates service running?',
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
          description: 'The same rates over time: flat within a day, a step when the day’s rates change.',
          unit: 'none',
          decimals: 4,
          noValue: 'No rates loaded yet: is the rates service running?',
          series: [{ query: Q.rates.inUse(), name: '{{instance}}: {{from}} → {{to}}' }],
        }),
      ],
    ),
  ],
};
