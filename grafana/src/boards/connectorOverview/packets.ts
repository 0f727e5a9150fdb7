import { COLOUR, QUANTILES, WORD_COLOUR } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import { heatmap, table, timeseries } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { NO_PACKETS_YET, NO_TELEMETRY_FROM_ASE, NOTHING_YET } from '../../words.ts';
import { COLUMN, TITLE } from './names.ts';

export const packets: Section = {
  title: 'Packets',
  lines: [
    line(10, [
      24,
      table({
        title: TITLE.packets('$instance'),
        description:
          'Every ILP packet that this connector saw, by type and outcome. “unfulfillable” Prepares are the probes of quotes: nobody can fulfill them, they are no failures. Many “final” Rejects: wrong addresses or closed payments; many “temporary” ones: liquidity or a peer that does not answer.',
        unit: 'none',
        noValue: NO_TELEMETRY_FROM_ASE,
        perAse: true,
        sortBy: [COLUMN.type, COLUMN.outcome],
        columns: [
          { title: COLUMN.type, label: 'type' },
          { title: COLUMN.outcome, label: 'status', colours: WORD_COLOUR },
          { title: COLUMN.lastHour, query: Q.packets.inLastHour() },
          { title: COLUMN.total, query: Q.packets.total() },
        ],
      }),
    ]),
    line(
      7,
      [
        12,
        timeseries({
          title: 'Prepares a second, by outcome',
          description:
            'Packets with money, by how they ended, of all chosen connectors. Red above green: more is refused than delivered.',
          unit: 'none',
          bars: true,
          noValue: NOTHING_YET,
          series: [{ query: Q.packets.perSecond('prepare'), name: '{{status}}' }],
          colours: { fulfilled: COLOUR.good, rejected: COLOUR.bad, unfulfillable: COLOUR.neutral },
        }),
      ],
      [
        12,
        timeseries({
          title: 'Rejects a second, by kind',
          description:
            'Final: trying again is useless. Temporary: may work later, often liquidity. Relative: the sender should adapt, such as a smaller packet. Quotes end in final Rejects by design.',
          unit: 'none',
          bars: true,
          noValue: NOTHING_YET,
          series: [{ query: Q.packets.perSecond('reject'), name: '{{status}}' }],
          colours: { final: COLOUR.neutral, temporary: COLOUR.attention, relative: COLOUR.other },
        }),
      ],
    ),
    line(
      7,
      [
        12,
        timeseries({
          title: 'Throughput',
          description:
            'Prepares a second through each connector. It follows the payments; when payments wait while it is flat, a connector is at its limit.',
          unit: 'none',
          noValue: NOTHING_YET,
          series: [{ query: Q.packets.perSecondByAse(), name: '{{instance}}' }],
        }),
      ],
      [
        12,
        timeseries({
          title: 'Packets in flight over time',
          description:
            'Prepares that wait for their reply, by connector. It breathes with the traffic; a floor that rises means lost replies or a slow peer.',
          unit: 'none',
          decimals: 0,
          noValue: NOTHING_YET,
          series: [{ query: Q.packets.inFlightByAse(), name: '{{instance}}' }],
        }),
      ],
    ),
  ],
};

export const latency: Section = {
  title: 'Latency',
  lines: [
    line(8, [
      24,
      timeseries({
        title: '$instance · packet latency',
        description:
          'Time from a Prepare to its reply as this connector saw it, the way onward included: 50, 95 and 99 of 100 packets were faster. The sending side is slower than the receiving side by the way between them. No line while no packet passes. Dashed: what SLA_P99_LATENCY_MS of .env promises. A point is one traced packet, and leads to its trace.',
        unit: 's',
        noValue: NO_PACKETS_YET,
        perAse: true,
        series: [
          ...QUANTILES.map(({ quantile, ...line }) => ({ query: Q.packets.latency(quantile), ...line })),
          { query: Q.slo.latencyPromise(), name: 'p99 promised', colour: COLOUR.bad, dashed: true },
        ],
      }),
    ]),
    line(8, [
      24,
      heatmap({
        title: '$instance · packet latency heatmap',
        description:
          'How many packets took how long: the further a cell stands out from the background, the more. Two bands are two kinds of packets, such as quotes and payments; a band that climbs is a connector that slows down.',
        unit: 's',
        noValue: NO_PACKETS_YET,
        perAse: true,
        query: Q.packets.latencyBuckets(),
      }),
    ]),
  ],
};
