import type { Alert } from './alert.ts';
import { MEASURABLE_PACKETS, RECORDED } from './recorded.ts';
import { HEALTH_JOB, series } from './series.ts';

const OVERVIEW = 'connector-overview';
const ALERTS = 'alerts-slos';

/** Packets that wait on average; below, a low throughput is a lack of demand. */
const WAITING_PACKETS = 10;

/**
 * The eleven alerts of the guide, with its thresholds and times. Where its expression would misfire, ours differs:
 * docs/alerts.md says how and why. Windows are shorter than `for` where something has to go on, and longer where
 * a single event has to be seen.
 */
export const GUIDE_ALERTS: readonly Alert[] = [
  {
    name: 'HighPacketErrorRate',
    severity: 'warning',
    for: '2m',
    expr: () => `${RECORDED.packetErrorRatio('1m')} > 0.05`,
    summary: '{{ $labels.instance }} rejects {{ $value | humanizePercentage }} of its packets',
    description: 'More than 5 % of the packets that were meant to be fulfilled were rejected.',
    board: { uid: ALERTS, panel: 'Packet errors' },
  },
  {
    name: 'SettlementFailures',
    severity: 'critical',
    for: '1m',
    expr: ({ window }) =>
      `sum by (instance, method) (increase(${series('settlements_executed_total', { status: 'failed' })}[${window('5m')}])) > 0`,
    summary: 'Settlements of {{ $labels.instance }} by {{ $labels.method }} fail',
    description: 'At least one settlement failed in the last five minutes: {{ $value | humanize }}.',
    board: { uid: ALERTS, panel: 'Settlement errors' },
  },
  {
    name: 'LedgerUnavailable',
    severity: 'critical',
    for: '1m',
    // Errors are counted in the ledger itself, so as long as it takes nothing they do not show.
    expr: () => `min by (instance) (${series('connector_dependency_up', { dependency: 'ledger' })}) == 0`,
    summary: '{{ $labels.instance }} cannot use its ledger',
    description: 'The ledger cannot be written, so packets are refused: no money moves.',
    board: { uid: ALERTS, panel: 'Alerts over time' },
    alias: 'TigerBeetleUnavailable',
  },
  {
    name: 'ChannelDispute',
    severity: 'high',
    // A dispute may begin and end between two looks at the rules; the counter still tells of it.
    expr: ({ window }) =>
      `sum by (instance, method) (${series('payment_channels_active', { status: 'disputed' })}) > 0 or sum by (instance, method) (increase(${series('payment_channels_disputes_total')}[${window('5m')}])) > 0`,
    summary: 'A payment channel of {{ $labels.instance }} by {{ $labels.method }} is or was in dispute',
    description: 'A peer claims another state of a channel than ours, and there is a time limit to answer.',
    board: { uid: ALERTS, panel: 'Alerts over time' },
  },
  {
    name: 'HighP99Latency',
    severity: 'warning',
    for: '5m',
    expr: ({ sla }) =>
      `${RECORDED.latencyP99} > ${sla.p99LatencyMs / 1000} and ${RECORDED.packetRate} >= ${MEASURABLE_PACKETS}`,
    summary: '1 in 100 packets of {{ $labels.instance }} takes {{ $value | humanizeDuration }} or longer',
    description:
      'Under traffic, the 99th percentile of packet latency is above what is promised (SLA_P99_LATENCY_MS).',
    board: { uid: ALERTS, panel: 'Packet latency p99' },
  },
  {
    name: 'LowThroughput',
    severity: 'warning',
    for: '5m',
    expr: ({ window }) =>
      `${RECORDED.packetRate} < 1000 and sum by (instance) (avg_over_time(${series('ilp_packets_in_flight')}[${window('1m')}])) >= ${WAITING_PACKETS}`,
    summary: 'Packets wait at {{ $labels.instance }}, and only {{ $value | humanize }} a second pass',
    description:
      'Fewer than 1000 packets a second pass although ten or more wait for their reply at any time.',
    board: { uid: ALERTS, panel: 'Throughput and waiting packets' },
  },
  {
    name: 'ConnectorDown',
    severity: 'critical',
    for: '1m',
    expr: () => `up{job="${HEALTH_JOB}"} == 0`,
    summary: '{{ $labels.instance }} does not answer',
    description: 'Prometheus cannot reach the connector over HTTP.',
    board: { uid: ALERTS, panel: 'Alerts over time' },
  },
  {
    name: 'HighMemoryUsage',
    severity: 'warning',
    for: '5m',
    expr: () =>
      `sum by (instance) (${series('process_memory_usage_bytes')}) / sum by (instance) (${series('process_memory_limit_bytes')}) > 0.85`,
    summary: '{{ $labels.instance }} uses {{ $value | humanizePercentage }} of its memory',
    description: 'At the limit the process is killed and its packets under way wait for its restart.',
    board: { uid: ALERTS, panel: 'Memory' },
  },
  {
    name: 'CriticalErrorSpike',
    severity: 'critical',
    for: '1m',
    expr: ({ window }) =>
      `sum by (instance) (rate(${series('connector_errors_total', { severity: 'critical' })}[${window('1m')}])) * 60 > 10`,
    summary: '{{ $labels.instance }}: {{ $value | humanize }} critical errors a minute',
    description: 'Packets fail through a fault of this connector or of a peer, not of who sent them.',
    board: { uid: OVERVIEW, panel: 'Errors a minute' },
  },
  {
    name: 'SettlementSLABreach',
    severity: 'warning',
    for: '5m',
    expr: ({ sla }) => `${RECORDED.settlementErrorRatio('15m')} > (1 - ${sla.settlementSuccess})`,
    summary: '{{ $value | humanizePercentage }} of the settlements of {{ $labels.instance }} fail',
    description: 'Fewer settlements succeed than is promised (SLA_SETTLEMENT_SUCCESS_THRESHOLD).',
    board: { uid: ALERTS, panel: 'Settlement errors' },
  },
  {
    name: 'PacketSLABreach',
    severity: 'warning',
    for: '5m',
    expr: ({ sla }) => `${RECORDED.packetErrorRatio('1m')} > (1 - ${sla.packetSuccess})`,
    summary: '{{ $value | humanizePercentage }} of the packets of {{ $labels.instance }} fail',
    description: 'Fewer packets succeed than is promised (SLA_PACKET_SUCCESS_THRESHOLD).',
    board: { uid: ALERTS, panel: 'Packet errors' },
  },
];
