import type { Alert } from './alert.ts';
import { RECORDED } from './recorded.ts';
import { COLLECTOR_JOB, HEALTH_JOB, series } from './series.ts';
import type { Sla } from './sla.ts';

const ALERTS = 'alerts-slos';

/** One promise whose error budget may burn: 1 − the promised success, spread over 30 days. */
interface Objective {
  name: string;
  slo: string;
  words: string;
  setting: string;
  promised: (sla: Sla) => number;
  ratio: (window: '5m' | '30m' | '1h' | '2h' | '6h' | '1d' | '3d') => string;
  panel: string;
}

const OBJECTIVES: readonly Objective[] = [
  {
    name: 'Packet',
    slo: 'packets',
    words: 'packets',
    setting: 'SLA_PACKET_SUCCESS_THRESHOLD',
    promised: ({ packetSuccess }) => packetSuccess,
    ratio: RECORDED.packetErrorRatio,
    panel: 'Packet budget: burn rate',
  },
  {
    name: 'Settlement',
    slo: 'settlements',
    words: 'settlements',
    setting: 'SLA_SETTLEMENT_SUCCESS_THRESHOLD',
    promised: ({ settlementSuccess }) => settlementSuccess,
    ratio: RECORDED.settlementErrorRatio,
    panel: 'Settlement budget: burn rate',
  },
];

/**
 * The long window says that enough of the budget is gone to matter, the short one that it still burns, so that the
 * alert ends soon after its cause. 14.4 times the steady pace takes 2 % of 30 days' budget in an hour, 6 times 5 %
 * in six hours, 3 times 10 % in a day, once 10 % in three days.
 */
const BURN_ALERTS: readonly Alert[] = OBJECTIVES.flatMap(
  ({ name, slo, words, setting, promised, ratio, panel }): Alert[] => {
    const burns = (sla: Sla, times: number, long: Parameters<typeof ratio>[0], short: typeof long) => {
      const limit = `${times} * (1 - ${promised(sla)})`;
      return `(${ratio(long)} > ${limit} and ${ratio(short)} > ${limit})`;
    };
    const common = {
      description: `At this pace the error budget of 30 days (1 − ${setting}) does not last.`,
      labels: { slo },
      board: { uid: ALERTS, panel },
    };
    return [
      {
        ...common,
        name: `${name}BudgetBurnsFast`,
        severity: 'critical',
        for: '1m',
        expr: ({ sla }) => `${burns(sla, 14.4, '1h', '5m')} or ${burns(sla, 6, '6h', '30m')}`,
        summary: `{{ $labels.instance }} fails {{ $value | humanizePercentage }} of its ${words}: the budget is gone in days`,
      },
      {
        ...common,
        name: `${name}BudgetBurnsSlowly`,
        severity: 'warning',
        for: '15m',
        expr: ({ sla }) => `${burns(sla, 3, '1d', '2h')} or ${burns(sla, 1, '3d', '6h')}`,
        summary: `{{ $labels.instance }} fails {{ $value | humanizePercentage }} of its ${words}: more than the budget allows`,
      },
    ];
  },
);

/** Beyond the guide: error budgets, and whether alerts and numbers arrive at all. */
export const ADDED_ALERTS: readonly Alert[] = [
  ...BURN_ALERTS,
  {
    name: 'TelemetryPipelineBroken',
    severity: 'critical',
    for: '1m',
    // Without numbers every other alert would be silent.
    expr: ({ window }) =>
      `up{job="${COLLECTOR_JOB}"} == 0 or (up{job="${HEALTH_JOB}"} == 1 unless on (instance) count_over_time(${series('process_start_timestamp_seconds')}[${window('30s')}]))`,
    summary: 'Telemetry of {{ $labels.instance }} does not arrive',
    description:
      'A collector does not answer, or a connector that lives has no new numbers in Prometheus: boards stand still and alerts are blind.',
    board: { uid: ALERTS, panel: 'Alerts over time' },
  },
  {
    name: 'DeadMansSwitch',
    severity: 'heartbeat',
    expr: () => 'vector(1)',
    summary: 'Alerts arrive',
    description: 'Always fires. Who does not hear it any more knows that alerts do not arrive.',
    board: { uid: ALERTS, panel: 'Alerts over time' },
  },
];
