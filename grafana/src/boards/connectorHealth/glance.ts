import { MEASURABLE_PACKETS } from '../../../../prometheus/alerting/recorded.ts';
import { linkTo } from '../../board.ts';
import { COLOUR } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import { stat, textFor } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { NO_RULES, NO_TELEMETRY } from '../../words.ts';
import { ALERTS_UID } from '../alertsSlos/names.ts';

const KEPT_OR_BROKEN = [textFor(0, 'broken', COLOUR.bad), textFor(1, 'kept', COLOUR.good)];
const PROMISE_LINK = linkTo(ALERTS_UID, 'Alerts and SLOs');

/** How the ASE that fares worst is. */
export const glance: Section = {
  lines: [
    line(
      4,
      [
        5,
        stat({
          title: 'Dependencies away',
          description:
            'What the chosen ASEs need and cannot use now: ledger, rates, a peer, or the collector, which fails no payment. Above 0: the tables below name it, ./playground doctor says what to do.',
          query: Q.health.dependenciesAway(),
          unit: 'none',
          colour: COLOUR.good,
          steps: [[1, COLOUR.bad]],
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        5,
        stat({
          title: 'Event-loop delay',
          description:
            'How late the event loop is, 99th percentile of the last second, of the chosen ASE that is worst. Above 100 ms packets wait for the processor: see what else runs, and Event loop in use.',
          query: Q.health.loopDelay(),
          unit: 's',
          decimals: 1,
          colour: COLOUR.good,
          steps: [
            [0.1, COLOUR.attention],
            [0.5, COLOUR.bad],
          ],
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        5,
        stat({
          title: 'Event loop in use',
          description:
            'Share of the last second in which the event loop was busy, of the chosen ASE that is worst. Near 100 % it is at its limit: fewer packets, or another ASE.',
          query: Q.health.loopUse(),
          unit: 'percentunit',
          decimals: 0,
          colour: COLOUR.good,
          steps: [
            [0.8, COLOUR.attention],
            [0.95, COLOUR.bad],
          ],
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        5,
        stat({
          title: 'Memory in use',
          description:
            'Resident memory as a share of what the process may take, of the chosen ASE that is worst. Above 85 % HighMemoryUsage waits to fire: docs/runbooks/HighMemoryUsage.md.',
          query: Q.health.memoryShare(),
          unit: 'percentunit',
          decimals: 0,
          colour: COLOUR.good,
          steps: [
            [0.8, COLOUR.attention],
            [0.85, COLOUR.bad],
          ],
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        4,
        stat({
          title: 'Since last start',
          description:
            'How long the process runs that started last. Short although nobody started one: it was killed or failed; ./playground logs says why, and the marks in the graphs when.',
          query: Q.health.uptime(),
          unit: 's',
          decimals: 1,
          colour: COLOUR.neutral,
          noValue: NO_TELEMETRY,
        }),
      ],
    ),
    line(
      4,
      [
        8,
        stat({
          title: 'Packet success, last 30 min',
          description:
            'Whether all chosen ASEs fulfilled the share of packets that SLA_PACKET_SUCCESS_THRESHOLD promises. Without packets nothing is broken. Broken: see Packet errors on Alerts and SLOs.',
          query: Q.health.packetPromiseKept(),
          unit: 'none',
          colour: COLOUR.neutral,
          mappings: KEPT_OR_BROKEN,
          noValue: NO_RULES,
          links: [PROMISE_LINK],
        }),
      ],
      [
        8,
        stat({
          title: 'Settlement success, last 30 min',
          description:
            'Whether the share of settlements succeeded that SLA_SETTLEMENT_SUCCESS_THRESHOLD promises. Without settlements nothing is broken. Broken: see Settlement activity.',
          query: Q.health.settlementPromiseKept(),
          unit: 'none',
          colour: COLOUR.neutral,
          mappings: KEPT_OR_BROKEN,
          noValue: NO_RULES,
          links: [PROMISE_LINK],
        }),
      ],
      [
        8,
        stat({
          title: 'Packet latency p99, last minute',
          description: `Whether 99 of 100 packets had their reply within SLA_P99_LATENCY_MS. Below ${MEASURABLE_PACKETS} packets a second nothing is broken: one that came after a pause would decide. Broken on a busy machine: the processor is short; see Event-loop delay.`,
          query: Q.health.latencyPromiseKept(),
          unit: 'none',
          colour: COLOUR.neutral,
          mappings: KEPT_OR_BROKEN,
          noValue: NO_RULES,
          links: [PROMISE_LINK],
        }),
      ],
    ),
  ],
};
