import type { Bench, Measured } from './bench.ts';
import { addedPercent, lostPercent, type Measures, measurePackets } from './packetRounds.ts';

const SIDES = ['traced', 'sampled', 'operator'] as const;
type Side = (typeof SIDES)[number];

/** The sides with traces, what they are called, and how many packets a second traces may take of them in percent. */
const TRACED = [
  { side: 'traced', ratio: 'ratio 1.0', goal: 15 },
  { side: 'sampled', ratio: 'ratio 0.01', goal: 2 },
] as const;

/** What traces cost the packets, at the ratio for a playground and at one for production. */
export const TRACING: Bench = {
  summary:
    'packets per second, and processor time of both ends, with every payment traced, and with one in a hundred',
  baseline: 'the same without traces, in turn, in the same run',
  defaultRounds: 20,
  async run(context) {
    const measures = await measurePackets(context, SIDES);
    return [
      ...TRACED.map(({ side, ratio, goal }) => lost(measures, side, ratio, goal)),
      ...TRACED.map(({ side, ratio }) => added(measures, side, ratio)),
      ...TRACED.flatMap(({ side, ratio }) => besideOperator(measures, side, ratio)),
    ];
  },
};

const lost = ({ perSecond }: Measures<Side>, side: Side, ratio: string, goal: number): Measured => ({
  name: `packets lost to traces, ${ratio}`,
  unit: 'percent',
  goal,
  ours: lostPercent(perSecond[side], perSecond.operator),
  baseline: [],
});

/** What the machine does besides is in this less than in packets per second. */
function added(
  { cpuMicroseconds, receiverCpuMicroseconds }: Measures<Side>,
  side: Side,
  ratio: string,
): Measured {
  const ofBoth = (one: Side) =>
    cpuMicroseconds[one].map((ofSender, round) => ofSender + receiverCpuMicroseconds[one][round]!);
  return {
    name: `processor time of both ends added by traces, ${ratio}`,
    unit: 'percent',
    ours: addedPercent(ofBoth(side), ofBoth('operator')),
    baseline: [],
  };
}

function besideOperator(measures: Measures<Side>, side: Side, ratio: string): Measured[] {
  const { perSecond, cpuMicroseconds, receiverCpuMicroseconds } = measures;
  const beside = (of: Record<Side, number[]>) => ({ ours: of[side], baseline: of.operator });
  return [
    { name: `packets, ${ratio}`, unit: 'packets/s', ...beside(perSecond) },
    { name: `processor time of the sender, ${ratio}`, unit: 'µs/packet', ...beside(cpuMicroseconds) },
    {
      name: `processor time of the receiver, ${ratio}`,
      unit: 'µs/packet',
      ...beside(receiverCpuMicroseconds),
    },
  ];
}
