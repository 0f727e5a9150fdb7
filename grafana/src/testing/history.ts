import { MECHANISMS } from '../../../apps/ase/src/telemetry/privacy/mechanism.ts';
import { PACKET_WINDOWS, RECORDED, SETTLEMENT_WINDOWS } from '../../../prometheus/alerting/recorded.ts';
import { GUIDE_SLA } from '../../../prometheus/alerting/sla.ts';
import {
  CATALOGUE,
  CHANNEL_CLOSE_REASONS,
  CHANNEL_STATUSES,
  CONNECTION_OUTCOMES,
  CONNECTION_SIDES,
  CONNECTOR_ERRORS,
  IO_DIRECTIONS,
  type MetricName,
  OPERATOR_SERVICE_NAME,
  PACKET_OUTCOMES,
  PAYMENT_OUTCOMES,
  SETTLEMENT_METHODS,
  SETTLEMENT_REFUSALS,
  SETTLEMENT_STATUSES,
  VISIT_OUTCOMES,
} from '../../../telemetry/catalogue.ts';
import {
  LOAD_CATALOGUE,
  LOAD_INSTANCE,
  LOAD_JOB,
  type LoadMetricName,
} from '../../../telemetry/loadCatalogue.ts';
import {
  NETWORK_CATALOGUE,
  NETWORK_SERVICE_NAME,
  type NetworkMetricName,
  SENDER_OPERATION,
} from '../../../telemetry/networkCatalogue.ts';
import {
  USAGE_CATALOGUE,
  USAGE_JOB,
  USAGE_REFUSALS,
  USAGE_SPANS_DAYS,
  type UsageMetricName,
} from '../../../telemetry/usageCatalogue.ts';
import type { Reading, ShownAse, ShownAses } from '../cells.ts';
import type { Window } from '../windows.ts';

/** The moment that the history ends at and the boards are asked about: any in the past will do. */
export const NOW_SECONDS = 1_700_000_000;

const DAY_SECONDS = 86_400;
const WINDOW_SECONDS: Record<Exclude<Window, 'total'>, number> = {
  '1h': 3600,
  '1d': DAY_SECONDS,
  '1w': 7 * DAY_SECONDS,
  '30d': 30 * DAY_SECONDS,
};
const START_SECONDS = NOW_SECONDS - 36 * DAY_SECONDS;
/** In the last minutes the busy ASEs count exactly one of everything a second, so that rates are known too. */
const STEADY_SECONDS = 120;
const STEADY_STEP_SECONDS = 5;
/** Of 100 observations so many are not longer than so many seconds. */
const OBSERVED_A_SECOND = 200;
const BUCKETS = { '0.005': 50, '0.05': 95, '0.5': 99, '+Inf': 100 };

interface Series {
  job: string;
  name: string;
  labels: Record<string, string>;
  events: { atSeconds: number; by: bigint }[];
}

/** A made-up past of some ASEs, as their ledgers know it and as Prometheus would have stored it. */
export interface History {
  openMetrics: string;
  read(reading: Reading): bigint;
}

/** Every metric of both catalogues. `isIdle` ASEs have all their series, at 0. */
export function makeHistory(ases: ShownAses, isIdle: (ase: string) => boolean): History {
  const random = randomNumbers(7);
  const series = ases.flatMap((ase) => [
    ...(Object.keys(CATALOGUE) as MetricName[]).flatMap((name) =>
      labelSets(name, ase).flatMap((labels) => seriesOf(name, ase.name, labels, isIdle(ase.name), random)),
    ),
    ...(Object.keys(NETWORK_CATALOGUE) as NetworkMetricName[]).flatMap((name) =>
      seriesOf(name, ase.name, networkLabels(name, ase), isIdle(ase.name), random),
    ),
  ]);
  for (const name of Object.keys(USAGE_CATALOGUE) as UsageMetricName[]) {
    for (const labels of usageLabels(name)) series.push(...seriesOf(name, USAGE_JOB, labels, false, random));
  }
  for (const name of Object.keys(LOAD_CATALOGUE) as LoadMetricName[]) {
    for (const labels of loadLabels(name))
      series.push(...seriesOf(name, LOAD_INSTANCE, labels, false, random));
  }
  return {
    openMetrics: `${series.map(samples).join('')}${ruleSamples(ases)}# EOF\n`,
    read({ instance, quantity, labels, window }) {
      const wanted = key(quantity, {
        instance,
        ...(quantity in NETWORK_CATALOGUE && { source: instance }),
        ...labels,
      });
      const found = series.find(({ name, labels: own }) => key(name, own) === wanted);
      if (!found) throw new Error(`no such series: ${wanted}`);
      const from = window === 'total' ? -Infinity : NOW_SECONDS - WINDOW_SECONDS[window];
      return found.events
        .filter(({ atSeconds }) => atSeconds > from)
        .reduce((total, { by }) => total + by, 0n);
    },
  };
}

/** What the rules would have recorded in the last minutes, while nothing failed. */
function ruleSamples(ases: ShownAses): string {
  const names = ases.map(({ name }) => name);
  const each = (name: string, value: number) =>
    names.map((instance) => ({ key: key(name, { instance }), value }));
  const switched = { alertname: 'DeadMansSwitch', alertstate: 'firing', severity: 'heartbeat' };
  const known = [
    ...PACKET_WINDOWS.flatMap((window) => each(RECORDED.packetErrorRatio(window), 0)),
    ...SETTLEMENT_WINDOWS.flatMap((window) => each(RECORDED.settlementErrorRatio(window), 0)),
    ...each(RECORDED.packetRate, 3),
    ...each(RECORDED.latencyP99, 0.008),
    { key: RECORDED.slaPacketSuccess, value: GUIDE_SLA.packetSuccess },
    { key: RECORDED.slaSettlementSuccess, value: GUIDE_SLA.settlementSuccess },
    { key: RECORDED.slaLatencyP99, value: GUIDE_SLA.p99LatencyMs / 1000 },
    { key: key('ALERTS', switched), value: 1 },
  ];
  const times = steadyTimes().sort((a, b) => a - b);
  return known.flatMap((one) => times.map((time) => `${one.key} ${one.value} ${time}\n`)).join('');
}

function networkLabels(name: NetworkMetricName, { name: source, network }: ShownAse): Record<string, string> {
  if (!network) throw new Error(`${source} tells no network`);
  const hasOperation = (NETWORK_CATALOGUE[name].labels as readonly string[]).includes('operation');
  return { network, source, ...(hasOperation && { operation: SENDER_OPERATION }) };
}

function usageLabels(name: UsageMetricName): Record<string, string>[] {
  switch (name) {
    case 'usage_reports_refused_total':
      return USAGE_REFUSALS.map((reason) => ({ reason }));
    case 'usage_installations':
      return USAGE_SPANS_DAYS.map((days) => ({ days: String(days) }));
    default:
      return [Object.fromEntries(USAGE_CATALOGUE[name].labels.map((label) => [label, 'any']))];
  }
}

/** One in each place, and both conditions. */
function loadLabels(name: LoadMetricName): Record<string, string>[] {
  const labels: readonly string[] = LOAD_CATALOGUE[name].labels;
  const any = Object.fromEntries(labels.map((label) => [label, 'any']));
  return labels.includes('condition')
    ? ['zero', 'nonzero'].map((condition) => ({ ...any, condition }))
    : [any];
}

function labelSets(name: MetricName, { assetCode: asset, peers }: ShownAse): Record<string, string>[] {
  switch (name) {
    case 'ilp_packets_processed_total':
      return PACKET_OUTCOMES.map((outcome) => ({ ...outcome }));
    case 'payments_total':
      return PAYMENT_OUTCOMES.map((outcome) => ({ ...outcome, asset }));
    case 'payment_amount_units_total':
      return [
        { direction: 'outgoing', asset },
        { direction: 'incoming', asset },
      ];
    case 'payment_duration_seconds':
      return [{ direction: 'outgoing' }, { direction: 'incoming' }];
    case 'account_balance_units':
    case 'account_credit_limit_units':
      return peers.map(({ id, assetCode }) => ({ peer_id: id, token_id: assetCode }));
    case 'account_credits_total':
    case 'account_debits_total':
      return peers.map(({ id }) => ({ peer_id: id }));
    case 'connector_errors_total':
      return CONNECTOR_ERRORS.map((error) => ({ ...error }));
    case 'settlements_executed_total':
      return everyMethod(SETTLEMENT_STATUSES.map((status) => ({ status })));
    case 'settlement_amount_total':
    case 'settlement_chain_balance_units':
      return everyMethod([...new Set(peers.map(({ assetCode }) => assetCode))].map((token) => ({ token })));
    case 'payment_channels_active':
      return everyMethod(CHANNEL_STATUSES.map((status) => ({ status })));
    case 'payment_channels_closed_total':
      return everyMethod(CHANNEL_CLOSE_REASONS.map((reason) => ({ reason })));
    case 'settlement_latency_seconds':
    case 'payment_channels_funded_total':
    case 'payment_channels_disputes_total':
    case 'settlement_transactions_reorged_total':
      return everyMethod([{}]);
    case 'settlement_refusals_total':
      return SETTLEMENT_REFUSALS.map((reason) => ({ reason }));
    case 'network_amount_published_units_total':
    case 'network_amount_error_bound_units':
    case 'network_privacy_epsilon':
    case 'network_privacy_epsilon_spent':
    case 'network_privacy_chosen':
      return MECHANISMS.map((mechanism) => ({ mechanism }));
    case 'http_server_request_duration_seconds':
    case 'http_server_request_body_size_bytes':
    case 'http_server_response_body_size_bytes':
      return ['200', '503'].map((http_response_status_code) => ({
        http_request_method: 'POST',
        http_route: '/ilp',
        http_response_status_code,
      }));
    case 'wallet_address_visits_total':
      return VISIT_OUTCOMES.map((outcome) => ({ outcome }));
    case 'process_network_connections_total':
      return CONNECTION_OUTCOMES.map((labels) => ({ ...labels }));
    case 'process_network_open_connections':
      return CONNECTION_SIDES.map((side) => ({ side }));
    case 'process_network_io_bytes_total':
      return CONNECTION_SIDES.flatMap((side) =>
        IO_DIRECTIONS.map((network_io_direction) => ({ network_io_direction, side })),
      );
    case 'connector_dependency_up':
    case 'connector_dependency_latency_seconds':
      return ['ledger', 'rates'].map((dependency) => ({ dependency }));
    case 'exchange_rate':
      return [
        { from: 'EUR', to: 'USD' },
        { from: 'USD', to: 'EUR' },
      ];
    default:
      return [Object.fromEntries(CATALOGUE[name].labels.map((label) => [label, 'any']))];
  }
}

function everyMethod(all: readonly Record<string, string>[]): Record<string, string>[] {
  return SETTLEMENT_METHODS.flatMap((method) => all.map((labels) => ({ method, ...labels })));
}

function seriesOf(
  name: MetricName | NetworkMetricName | UsageMetricName | LoadMetricName,
  instance: string,
  labels: Record<string, string>,
  idle: boolean,
  random: (below: number) => number,
): Series[] {
  const own = { instance, ...labels };
  const { kind } = { ...CATALOGUE, ...NETWORK_CATALOGUE, ...USAGE_CATALOGUE, ...LOAD_CATALOGUE }[name];
  const job = jobOf(name);
  if (kind === 'histogram') {
    const part = (suffix: string, labels: Record<string, string>, aSecond: number): Series => ({
      job,
      name: `${name}_${suffix}`,
      labels,
      events: idle ? [] : steady(aSecond),
    });
    return [
      ...Object.entries(BUCKETS).map(([le, count]) => part('bucket', { ...own, le }, count)),
      part('count', own, BUCKETS['+Inf']),
      part('sum', own, OBSERVED_A_SECOND),
    ];
  }
  if (kind !== 'counter') {
    const sign = name === 'account_balance_units' && random(2) === 0 ? -1n : 1n;
    return [
      { job, name, labels: own, events: [{ atSeconds: START_SECONDS, by: sign * BigInt(random(1e6) + 1) }] },
    ];
  }
  return [{ job, name, labels: own, events: idle ? [] : events(name, random) }];
}

function jobOf(name: string): string {
  if (name in NETWORK_CATALOGUE) return NETWORK_SERVICE_NAME;
  if (name in LOAD_CATALOGUE) return LOAD_JOB;
  return name in USAGE_CATALOGUE ? USAGE_JOB : OPERATOR_SERVICE_NAME;
}

/** Some anywhere, some at the very edges of the windows, where an inexact window would go wrong, and a steady end. */
function events(name: string, random: (below: number) => number): Series['events'] {
  const edges = Object.values(WINDOW_SECONDS).flatMap((w) => [NOW_SECONDS - w, NOW_SECONDS - w + 1]);
  const span = NOW_SECONDS - START_SECONDS - 2 * STEADY_SECONDS;
  const anywhere = Array.from({ length: 12 }, () => START_SECONDS + 1 + random(span));
  const largest = /units|credits|debits|amount/.test(name) ? 1e12 : 1000;
  const irregular = [...edges, ...anywhere].map((atSeconds) => ({ atSeconds, by: BigInt(random(largest)) }));
  return [...irregular, ...steady(1)];
}

function steady(aSecond: number): Series['events'] {
  const by = BigInt(aSecond * STEADY_STEP_SECONDS);
  return steadyTimes().map((atSeconds) => ({ atSeconds, by }));
}

function steadyTimes(): number[] {
  const steps = STEADY_SECONDS / STEADY_STEP_SECONDS;
  return Array.from({ length: steps + 1 }, (_, i) => NOW_SECONDS - i * STEADY_STEP_SECONDS);
}

/** A sample where something happens, just before each window, and closely at the end. */
function samples({ job, name, labels, events }: Series): string {
  const times = new Set([START_SECONDS, ...steadyTimes(), ...events.map(({ atSeconds }) => atSeconds)]);
  for (const w of Object.values(WINDOW_SECONDS)) times.add(NOW_SECONDS - w - 60).add(NOW_SECONDS - w + 60);
  const ordered = [...events].sort((a, b) => a.atSeconds - b.atSeconds);
  let value = 0n;
  let next = 0;
  return [...times]
    .sort((a, b) => a - b)
    .map((time) => {
      for (; next < ordered.length && ordered[next]!.atSeconds <= time; next++) value += ordered[next]!.by;
      return `${key(name, { job, ...labels })} ${value} ${time}\n`;
    })
    .join('');
}

function key(name: string, labels: Record<string, string>): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${name}{${pairs.map(([label, value]) => `${label}="${value}"`).join(',')}}`;
}

/** Always the same numbers, so that a failure can be looked at again. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    // Park and Miller's generator.
    state = (state * 48_271) % 2_147_483_647;
    return Math.floor((state / 2_147_483_647) * below);
  };
}
