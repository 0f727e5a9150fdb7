import { line, type Section } from '../../layout.ts';
import { timeseries } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { NO_PACKETS_YET, NOTHING_YET } from '../../words.ts';
import { TITLE } from './names.ts';

/** What the load costs those who bear it. */
export const strain: Section = {
  title: 'What it costs the ASEs',
  lines: [
    line(
      8,
      [
        12,
        timeseries({
          title: TITLE.packetTime,
          description:
            'From a Prepare to its reply, as each connector saw it: 99 of 100 packets were faster. The guide’s promise is 10 ms; under a load that fills the machine it is broken first.',
          unit: 's',
          noValue: NO_PACKETS_YET,
          series: [{ query: Q.load.packetLatency(0.99), name: '{{instance}}' }],
        }),
      ],
      [
        12,
        timeseries({
          title: TITLE.delay,
          description:
            'How late the event loop of each ASE came to what it had planned, 99th percentile. Everything that the ASE does waits as long: above some 100 ms its processor is the limit.',
          unit: 's',
          noValue: NOTHING_YET,
          series: [{ query: Q.load.eventLoopDelay(), name: '{{instance}}' }],
        }),
      ],
    ),
    line(
      8,
      [
        12,
        timeseries({
          title: TITLE.busy,
          description:
            'Share of the time that the event loop of each ASE had something to do. At 100 % more users only make longer queues.',
          unit: 'percentunit',
          max: 1,
          noValue: NOTHING_YET,
          series: [{ query: Q.load.eventLoopBusy(), name: '{{instance}}' }],
        }),
      ],
      [
        12,
        timeseries({
          title: TITLE.memory,
          description:
            'Resident memory of each ASE. It grows with the load and stays then; in a soak it must not go on growing.',
          unit: 'bytes',
          noValue: NOTHING_YET,
          series: [{ query: Q.load.memory(), name: '{{instance}}' }],
        }),
      ],
    ),
  ],
};
