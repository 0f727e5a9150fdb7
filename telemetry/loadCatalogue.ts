import type { MetricSpec } from './catalogue.ts';

/**
 * What k6 tells while `./playground load` runs: every metric that boards, checks or docs read, once, by its name in
 * Prometheus. k6 sends them over OTLP to the operator's collector, and more that nothing here reads. They start anew
 * with each run, and end with it.
 */
export const LOAD_CATALOGUE = {
  k6_vus: {
    kind: 'gauge',
    unit: '',
    labels: [],
    help: 'Virtual users at work.',
  },
  k6_iterations_total: {
    kind: 'counter',
    unit: '',
    labels: ['scenario'],
    help: 'Payments, or packets, that virtual users have seen through to their end.',
  },
  k6_checks_total: {
    kind: 'counter',
    unit: '',
    labels: ['condition', 'scenario'],
    help: 'Things that had to be so: `nonzero` counts those that were, `zero` those that were not.',
  },
  k6_http_reqs_total: {
    kind: 'counter',
    unit: '',
    labels: ['name', 'status', 'scenario'],
    help: 'HTTP requests, by what they ask and how they were answered; status 0: not at all.',
  },
  k6_http_req_failed_total: {
    kind: 'counter',
    unit: '',
    labels: ['condition', 'name', 'status', 'scenario'],
    help: 'The same requests, by whether they failed: `nonzero` those that did, `zero` the others.',
  },
  k6_http_req_duration_milliseconds: {
    kind: 'histogram',
    unit: 'ms',
    labels: ['name', 'status', 'scenario'],
    help: 'Time from a sent request to the whole answer, as its client sees it.',
  },
  k6_load_payment_duration_milliseconds: {
    kind: 'histogram',
    unit: 'ms',
    labels: ['ase', 'scenario'],
    help: 'Time of a payment from the first request to its end, by the ASE that pays; polling is part of it.',
  },
  k6_load_payments_total: {
    kind: 'counter',
    unit: '',
    labels: ['run', 'ase', 'direction', 'state', 'scenario'],
    help: 'Payments that k6 saw end, on both sides; equal to what the ledgers say about the same run.',
  },
  k6_load_units_total: {
    kind: 'counter',
    unit: '',
    labels: ['run', 'ase', 'direction', 'scenario'],
    help: 'What these payments sent and received, in the smallest unit of the ASE’s asset.',
  },
  k6_load_packets_total: {
    kind: 'counter',
    unit: '',
    labels: ['run', 'ase', 'status', 'scenario'],
    help: 'ILP packets that k6 sent by itself, by how they were answered.',
  },
} as const satisfies Record<string, Omit<MetricSpec, 'source'>>;

export type LoadMetricName = keyof typeof LOAD_CATALOGUE;

/** The labels `job` and `instance` of what k6 tells. */
export const LOAD_JOB = 'k6';
export const LOAD_INSTANCE = 'load';
