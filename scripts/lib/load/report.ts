import { columns, plural } from '../text.ts';
import type { TruthRow } from '../truth/row.ts';
import type { Scenario } from './scenarios.ts';
import { crossedIn, type LoadSummary, numberOf } from './summary.ts';

export interface LoadReport {
  run: string;
  scenario: Scenario;
  seconds: number;
  payments: { completed: number; failed: number; perSecond: number };
  /** Of the packet script alone. */
  packets: { fulfilled: number; rejected: number; perSecond: number };
  /** From the first request to the end; of packets, from request to answer. */
  durationMs: { median: number; p95: number; p99: number; max: number };
  requests: { number: number; failed: number; p95Ms: number };
  /** Thresholds that were crossed. */
  crossed: string[];
  /** Whether k6, the ledgers and Prometheus counted the same. */
  equal: boolean;
  rows: TruthRow[];
}

export function loadReport(summary: LoadSummary, rows: TruthRow[]): LoadReport {
  const of = (metric: string, value: string) => numberOf(summary, metric, value);
  const seconds = summary.durationMs / 1000;
  const perSecond = (count: number) => Math.round((count / seconds) * 10) / 10;
  const sumOf = (state: string) =>
    ['cloud-nine', 'happy-life'].reduce(
      (sum, ase) => sum + of(`load_payments{ase:${ase},direction:outgoing,state:${state}}`, 'count'),
      0,
    );
  const completed = sumOf('completed');
  const fulfilled = of('load_packets{status:fulfilled}', 'count');
  const timed = summary.scenario === 'packets' ? 'http_req_duration' : 'load_payment_duration';
  return {
    run: summary.run,
    scenario: summary.scenario,
    seconds: Math.round(seconds * 10) / 10,
    payments: { completed, failed: sumOf('failed'), perSecond: perSecond(completed) },
    packets: {
      fulfilled,
      rejected: of('load_packets{status:rejected}', 'count'),
      perSecond: perSecond(fulfilled),
    },
    durationMs: {
      median: rounded(of(timed, 'med')),
      p95: rounded(of(timed, 'p(95)')),
      p99: rounded(of(timed, 'p(99)')),
      max: rounded(of(timed, 'max')),
    },
    requests: {
      number: of('http_reqs', 'count'),
      // A rate of failures: those that were failures pass.
      failed: of('http_req_failed', 'passes'),
      p95Ms: rounded(of('http_req_duration', 'p(95)')),
    },
    crossed: crossedIn(summary),
    equal: rows.every(({ equal }) => equal),
    rows,
  };
}

export function loadText(report: LoadReport): string {
  const { scenario, seconds, payments, packets, durationMs, requests, crossed, equal, rows } = report;
  const isPackets = scenario === 'packets';
  const done = isPackets
    ? [`${packets.fulfilled} packets`, `${packets.perSecond} a second`, `${packets.rejected} rejected`]
    : [`${payments.completed} payments`, `${payments.perSecond} a second`, `${payments.failed} failed`];
  const times = Object.entries(durationMs).map(([name, ms]) => `${name} ${ms} ms`);
  const unequal = rows.filter((row) => !row.equal);
  return [
    columns(
      [
        ['completed', `${done.join(', ')}, in ${seconds} s`],
        ['each took', times.join(', ')],
        ['requests', `${requests.number}, ${requests.failed} failed, 95 of 100 within ${requests.p95Ms} ms`],
        ['thresholds', crossed.length === 0 ? 'all kept' : `${crossed.length} crossed:`],
      ],
      '  ',
    ),
    ...crossed.map((one) => `    ${one}`),
    equal
      ? `equal: ${plural(rows.length, 'count')}, k6 = ledger${isPackets ? '' : ' = collector = Prometheus'}`
      : 'NOT equal:',
    ...unequal.map(
      ({ quantity, ase, labels, ledger, sdk, collector, prometheus }) =>
        `  ${quantity} ${ase} ${Object.values(labels).join(' ')}: k6 ${sdk}, ledger ${ledger}, collector ${collector}, Prometheus ${prometheus}`,
    ),
  ].join('\n');
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
