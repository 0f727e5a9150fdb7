import type { Bench } from './bench.ts';
import { lostPercent, measurePackets } from './packetRounds.ts';

/** What traces cost the packets, at the ratio for a playground and at one for production. */
export const TRACING: Bench = {
  summary: 'packets per second with every payment traced, and with one in a hundred',
  baseline: 'the same without traces, in turn, in the same run',
  defaultRounds: 20,
  async run(context) {
    const { perSecond, cpuMicroseconds } = await measurePackets(context, ['traced', 'sampled', 'operator']);
    const { traced, sampled, operator } = perSecond;
    return [
      {
        name: 'packets lost to traces, ratio 1.0',
        unit: 'percent',
        goal: 15,
        ours: lostPercent(traced, operator),
        baseline: [],
      },
      {
        name: 'packets lost to traces, ratio 0.01',
        unit: 'percent',
        goal: 2,
        ours: lostPercent(sampled, operator),
        baseline: [],
      },
      { name: 'packets, ratio 1.0', unit: 'packets/s', ours: traced, baseline: operator },
      { name: 'packets, ratio 0.01', unit: 'packets/s', ours: sampled, baseline: operator },
      {
        name: 'processor time of the sender, ratio 1.0',
        unit: 'µs/packet',
        ours: cpuMicroseconds.traced,
        baseline: cpuMicroseconds.operator,
      },
      {
        name: 'processor time of the sender, ratio 0.01',
        unit: 'µs/packet',
        ours: cpuMicroseconds.sampled,
        baseline: cpuMicroseconds.operator,
      },
    ];
  },
};
