import { COLOUR } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import { timeseries } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { NOTHING_YET } from '../../words.ts';

/** The Node processes of the ASEs. */
export const process: Section = {
  title: 'Processes',
  lines: [
    line(
      8,
      [
        12,
        timeseries({
          title: 'Event-loop delay over time',
          description:
            'How late the event loop is, 99th percentile of each second. Spikes at a start are code being compiled; a level that stays is a processor that is too slow for the traffic.',
          unit: 's',
          noValue: NOTHING_YET,
          series: [{ query: Q.health.loopDelayOverTime(), name: '{{instance}}' }],
        }),
      ],
      [
        12,
        timeseries({
          title: 'Event loop in use over time',
          description:
            'Share of each second in which the event loop was busy. It follows the packets; near 100 % the ASE is at its limit and packets begin to wait.',
          unit: 'percentunit',
          max: 1,
          noValue: NOTHING_YET,
          series: [{ query: Q.health.loopUseOverTime(), name: '{{instance}}' }],
        }),
      ],
    ),
    line(
      8,
      [
        12,
        timeseries({
          title: 'Resident memory',
          description:
            'Memory of each process, and the dashed line that it may take at most. A floor that rises for hours is a leak: compare with Heap in use.',
          unit: 'bytes',
          noValue: NOTHING_YET,
          series: [
            { query: Q.health.memory(), name: '{{instance}}' },
            { query: Q.health.memoryLimit(), name: '{{instance}} limit', dashed: true },
          ],
        }),
      ],
      [
        12,
        timeseries({
          title: 'Heap in use',
          description:
            'What JavaScript objects take, all spaces of V8 together. It goes up and down with each collection of garbage; what remains after one is what is really in use.',
          unit: 'bytes',
          noValue: NOTHING_YET,
          series: [{ query: Q.health.heap(), name: '{{instance}}' }],
        }),
      ],
    ),
    line(
      8,
      [
        12,
        timeseries({
          title: 'Time for collecting garbage',
          description:
            'Share of the time that went into it, by kind, of all chosen ASEs. Above 10 %: the heap is too small for what is under way, or something holds on to memory.',
          unit: 'percentunit',
          noValue: NOTHING_YET,
          series: [{ query: Q.health.garbageTime(), name: '{{v8js_gc_type}}' }],
          colours: { major: COLOUR.bad, minor: COLOUR.neutral, incremental: COLOUR.attention },
        }),
      ],
      [
        12,
        timeseries({
          title: 'Connections and packets under way',
          description:
            'Open TCP connections, and packets that wait for their reply. Connections that only grow are not given back; packets that only grow are lost replies or a slow peer.',
          unit: 'none',
          decimals: 0,
          noValue: NOTHING_YET,
          series: [
            { query: Q.sockets.openByAse(), name: '{{instance}} connections' },
            { query: Q.packets.inFlightByAse(), name: '{{instance}} packets', dashed: true },
          ],
        }),
      ],
    ),
  ],
};
