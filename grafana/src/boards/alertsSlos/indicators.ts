import { COLOUR } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import { timeseries } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { NO_PACKETS_YET, NO_RULES, NO_TELEMETRY, NOTHING_YET } from '../../words.ts';

/** The numbers that alerts look at, beside their limits. */
export const indicators: Section = {
  title: 'What alerts look at',
  lines: [
    line(
      8,
      [
        8,
        timeseries({
          title: 'Packet errors',
          description:
            'Rejected ÷ (fulfilled + rejected) over a minute; 0 without packets. Above the dashed line PacketSLABreach waits to fire, above 5 % HighPacketErrorRate.',
          unit: 'percentunit',
          noValue: NOTHING_YET,
          series: [
            { query: Q.slo.packetErrors(), name: '{{instance}}' },
            { query: Q.slo.packetErrorLimit(), name: 'allowed', colour: COLOUR.bad, dashed: true },
          ],
        }),
      ],
      [
        8,
        timeseries({
          title: 'Settlement errors',
          description:
            'Failed ÷ all settlements over 15 minutes; 0 without any. Above the dashed line SettlementSLABreach waits to fire; SettlementFailures does at the first failure.',
          unit: 'percentunit',
          noValue: NO_RULES,
          series: [
            { query: Q.slo.settlementErrors(), name: '{{instance}}' },
            { query: Q.slo.settlementErrorLimit(), name: 'allowed', colour: COLOUR.bad, dashed: true },
          ],
        }),
      ],
      [
        8,
        timeseries({
          title: 'Packet latency p99',
          description:
            'Of 100 packets, 99 had their reply within this time, over a minute; a gap where there were none. Above the dashed line, and with ten or more packets a second, HighP99Latency waits to fire: of fewer, the slowest of a minute alone makes this number.',
          unit: 's',
          noValue: NO_PACKETS_YET,
          series: [
            { query: Q.slo.latencyP99(), name: '{{instance}}' },
            { query: Q.slo.latencyPromise(), name: 'promised', colour: COLOUR.bad, dashed: true },
          ],
        }),
      ],
    ),
    line(
      8,
      [
        12,
        timeseries({
          title: 'Throughput and waiting packets',
          description:
            'Packets a second, and how many wait for their reply. LowThroughput fires only when fewer than 1000 a second pass although ten or more wait: little demand is no fault.',
          unit: 'none',
          noValue: NOTHING_YET,
          series: [
            { query: Q.slo.throughput(), name: '{{instance}} a second' },
            { query: Q.packets.inFlightByAse(), name: '{{instance}} waiting', dashed: true },
          ],
        }),
      ],
      [
        12,
        timeseries({
          title: 'Memory',
          description:
            'Resident memory as a share of what the process may take. HighMemoryUsage waits to fire above 85 %.',
          unit: 'percentunit',
          noValue: NO_TELEMETRY,
          max: 1,
          series: [{ query: Q.slo.memoryShare(), name: '{{instance}}' }],
        }),
      ],
    ),
  ],
};
