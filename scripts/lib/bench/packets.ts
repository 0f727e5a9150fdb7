import type { Bench } from './bench.ts';
import { lostPercent, measurePackets } from './packetRounds.ts';

/** What a connector makes of a machine's processors, and what its telemetry takes of that. */
export const PACKETS: Bench = {
  summary: 'packets per second between two connectors, with ledger commits and all telemetry',
  baseline: 'the same with a bare node:http and ilp-packet pair, and without telemetry, in turn',
  defaultRounds: 10,
  async run(context) {
    const { perSecond, cpuMicroseconds } = await measurePackets(context, ['network', 'quiet', 'bare']);
    const { network, quiet, bare } = perSecond;
    return [
      {
        name: 'packets with all telemetry, beside a bare pair',
        unit: 'packets/s',
        ours: network,
        baseline: bare,
      },
      {
        name: 'packets lost to connector, ledger and telemetry',
        unit: 'percent',
        goal: 50,
        ours: lostPercent(network, bare),
        baseline: [],
      },
      { name: 'packets without telemetry', unit: 'packets/s', ours: quiet, baseline: [] },
      {
        name: 'packets lost to all telemetry',
        unit: 'percent',
        goal: 5,
        ours: lostPercent(network, quiet),
        baseline: [],
      },
      {
        name: 'processor time of the sender',
        unit: 'µs/packet',
        ours: cpuMicroseconds.network,
        baseline: cpuMicroseconds.bare,
      },
      { name: 'the same, without telemetry', unit: 'µs/packet', ours: cpuMicroseconds.quiet, baseline: [] },
    ];
  },
};
