import { type Duration, fasterWindow } from './duration.ts';
import { series } from './series.ts';
import type { Sla } from './sla.ts';

export interface RecordingRule {
  record: string;
  expr: string;
}

/** The windows over which error ratios are recorded: the alerts' own, and those of the burn rates. */
export const PACKET_WINDOWS = ['1m', '5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;
export const SETTLEMENT_WINDOWS = ['5m', '15m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;
/** Boards show the last hour: a board of a playground that has just started cannot wait for it. */
const LONG_WINDOWS: readonly Duration[] = ['2h', '6h', '1d', '3d'];

/** Names of recorded series: of what, per what, over which window. The window is the committed one, whatever the speed. */
export const RECORDED = {
  packetErrorRatio: (window: (typeof PACKET_WINDOWS)[number]) => `instance:packet_errors:ratio_${window}`,
  settlementErrorRatio: (window: (typeof SETTLEMENT_WINDOWS)[number]) =>
    `instance:settlement_errors:ratio_${window}`,
  packetRate: 'instance:packets:rate_1m',
  latencyP99: 'instance:packet_latency_seconds:p99_1m',
  slaPacketSuccess: 'sla:packet_success:ratio',
  slaSettlementSuccess: 'sla:settlement_success:ratio',
  slaLatencyP99: 'sla:packet_latency_seconds:p99',
} as const;

/** Packets a second that a percentile needs: with fewer, “1 in 100” is a single packet that came after a pause. */
export const MEASURABLE_PACKETS = 10;

/**
 * What alerts and boards read: error ratios over all windows, and what is promised. The long ones move so slowly
 * that they need not be looked at often.
 */
export function recordingRules(sla: Sla, speed: number): { short: RecordingRule[]; long: RecordingRule[] } {
  const packets = PACKET_WINDOWS.map((window) => ({
    window,
    record: RECORDED.packetErrorRatio(window),
    expr: errorRatio(FAILED_PACKETS, MEANT_PACKETS, fasterWindow(window, speed)),
  }));
  const settlements = SETTLEMENT_WINDOWS.map((window) => ({
    window,
    record: RECORDED.settlementErrorRatio(window),
    expr: `${errorRatio(FAILED_SETTLEMENTS, ALL_SETTLEMENTS, fasterWindow(window, speed))} or ${NONE_FAILED}`,
  }));
  const ratios = [...packets, ...settlements];
  const isLong = ({ window }: { window: Duration }) => LONG_WINDOWS.includes(window);
  const minute = fasterWindow('1m', speed);
  const latency = series('ilp_packet_latency_seconds', {}, '_bucket');
  return {
    short: [
      { record: RECORDED.slaPacketSuccess, expr: `vector(${sla.packetSuccess})` },
      { record: RECORDED.slaSettlementSuccess, expr: `vector(${sla.settlementSuccess})` },
      { record: RECORDED.slaLatencyP99, expr: `vector(${sla.p99LatencyMs / 1000})` },
      { record: RECORDED.packetRate, expr: `sum by (instance) (rate(${PREPARES}[${minute}]))` },
      {
        record: RECORDED.latencyP99,
        expr: `histogram_quantile(0.99, sum by (instance, le) (rate(${latency}[${minute}])))`,
      },
      ...ratios.filter((ratio) => !isLong(ratio)).map(plain),
    ],
    long: ratios.filter(isLong).map(plain),
  };
}

const PREPARES = series('ilp_packets_processed_total', { type: 'prepare' });
const FAILED_PACKETS = series('ilp_packets_processed_total', { type: 'prepare', status: 'rejected' });
/** The probes of quotes are not meant to be fulfilled, and do not count. */
const MEANT_PACKETS = series('ilp_packets_processed_total', {
  type: 'prepare',
  status: ['fulfilled', 'rejected'],
});
const FAILED_SETTLEMENTS = series('settlements_executed_total', { status: 'failed' });
const ALL_SETTLEMENTS = series('settlements_executed_total');

/** An ASE that settles nothing has no such series, and yet a ratio. */
const NONE_FAILED = `0 * sum by (instance) (${series('process_start_timestamp_seconds')})`;

/** Defined without traffic too: nothing was tried, so nothing failed. */
function errorRatio(failed: string, all: string, window: Duration): string {
  const tried = `sum by (instance) (rate(${all}[${window}]))`;
  return `sum by (instance) (rate(${failed}[${window}])) / (${tried} > 0) or 0 * ${tried}`;
}

function plain({ record, expr }: RecordingRule): RecordingRule {
  return { record, expr };
}
