import { ENVIRONMENT as alertSink } from '../../../apps/alert-sink/src/settings.ts';
import { environment as ase } from '../../../apps/ase/src/settings.ts';
import { SCHEMA as traffic } from '../../../apps/traffic/src/settings.ts';
import { environment as usage } from '../../../apps/usage/src/settings.ts';
import { schema as viewer } from '../../../apps/viewer/server/settings.ts';
import { ASE_MEANINGS } from './aseMeanings.ts';
import { byHand, type Variable, variablesOf } from './variables.ts';

export interface Program {
  name: string;
  /** The one file that reads its environment. */
  source: string;
  what: string;
  variables: Variable[];
}

/** Every program of ours that reads an environment, in the order of the data's way. */
export const PROGRAMS: readonly Program[] = [
  {
    name: 'ase',
    source: 'apps/ase/src/settings.ts',
    what: 'The mock ASE: ledger, connector, API and telemetry.',
    variables: variablesOf(ase, ASE_MEANINGS),
  },
  {
    name: 'rates',
    source: 'apps/rates/src/settings.ts',
    what: 'The day’s exchange rates.',
    variables: byHand({
      RATES_HOST: { fallback: '127.0.0.1', meaning: 'Address to listen on.' },
      RATES_PORT: { fallback: '14400', meaning: 'Port; 0 is any free one.' },
      RATES_DAY_FILE: { needed: true, meaning: 'Where the day’s rates are kept.' },
      RATES_SOURCES_FILE: {
        fallback: 'apps/rates/sources.json',
        meaning: 'JSON: where rates come from, at what time, how old they may be.',
      },
    }),
  },
  {
    name: 'chain',
    source: 'apps/chain/src/settings.ts',
    what: 'Both simulated chains that ASEs settle on.',
    variables: byHand({
      CHAIN_HOST: { fallback: '127.0.0.1', meaning: 'Address to listen on.' },
      CHAIN_PORT: { fallback: '14600', meaning: 'Port; 0 is any free one.' },
      CHAIN_FILE: { needed: true, meaning: 'The SQLite database of all chains.' },
      CHAIN_SECRETS_FILE: {
        needed: true,
        meaning: 'JSON with `adminToken`: who shows it may inject faults.',
      },
    }),
  },
  {
    name: 'usage',
    source: 'apps/usage/src/settings.ts',
    what: 'Takes the ASEs’ usage reports.',
    variables: variablesOf(usage, {
      USAGE_HOST: 'Address to listen on.',
      USAGE_PORT: 'Port; 0 is any free one.',
      USAGE_DATA_FILE: 'The SQLite database.',
      USAGE_MAX_REPORTS_PER_SECOND: 'Of all installations together; more are refused before they are read.',
      USAGE_MAX_REPORTS_PER_INSTALLATION_AND_DAY: 'Of one installation in a day (UTC).',
      USAGE_MAX_REPORTS: 'In the database; some 200 bytes each.',
      USAGE_KEEP_DAYS: 'Older reports are deleted.',
    }),
  },
  {
    name: 'balancer',
    source: 'apps/balancer/src/settings.ts',
    what: 'Spreads connections over the replicas of a network’s collector.',
    variables: byHand({
      BALANCER_NAME: { fallback: 'balancer', meaning: 'In its log.' },
      BALANCER_HOST: { fallback: '127.0.0.1', meaning: 'Address to listen on.' },
      BALANCER_PORT: { needed: true, meaning: 'Port.' },
      BALANCER_HEALTH_PORT: { fallback: '0', meaning: 'Where its state is told; 0: nowhere.' },
      BALANCER_MAX_CONNECTIONS: { fallback: '64', meaning: 'At once; more are refused.' },
      BALANCER_REPLICAS: {
        needed: true,
        meaning: '2 to 16 of `NAME=HOST:PORT/HEALTH_PORT`, with commas between.',
      },
    }),
  },
  {
    name: 'alert-sink',
    source: 'apps/alert-sink/src/settings.ts',
    what: 'Hears what Alertmanager tells.',
    variables: variablesOf(alertSink, {
      ALERT_SINK_HOST: 'Address to listen on.',
      ALERT_SINK_PORT: 'Port; 0 is any free one.',
      ALERT_SINK_CAPACITY: 'How many deliveries are kept.',
    }),
  },
  {
    name: 'viewer',
    source: 'apps/viewer/server/settings.ts',
    what: 'The built-in dashboard server.',
    variables: variablesOf(viewer, {
      VIEWER_HOST: 'Address to listen on.',
      VIEWER_PORT: 'Port; 0 is any free one.',
      PROMETHEUS_URL: 'Prometheus, without `/api/v1`.',
      JAEGER_URL: 'Jaeger’s query API; empty: there are no traces.',
      VIEWER_SAMPLE_INTERVAL:
        'How often Prometheus gets samples, such as `1s`: the shortest step of a query.',
      DASHBOARDS_DIR: 'The folder with the boards’ JSON.',
      VIEWER_FRAME_ANCESTORS:
        'Who may show it in a frame: `’self’`, `’none’` or origins, separated by spaces.',
      VIEWER_ALLOWED_HOSTS:
        'Names besides loopback and IP addresses that browsers may ask for, with commas between.',
    }),
  },
  {
    name: 'traffic',
    source: 'apps/traffic/src/settings.ts',
    what: 'The background payments.',
    variables: variablesOf(traffic, {
      TRAFFIC_ASES:
        'JSON: the two ASEs that pay each other, `name`, `url` and, where it differs, `publicUrl`.',
      TRAFFIC_WALLETS: 'Wallets that pay and are paid, with commas between.',
      TRAFFIC_INTERVAL_MS: 'Mean time between the starts of two payments.',
      TRAFFIC_HEARTBEAT_FILE: 'Touched whenever all is well, for whoever watches over the process.',
      TRAFFIC_SECRETS_FILE: 'JSON with `adminToken`.',
    }),
  },
  {
    name: 'gate',
    source: 'apps/gate/src/main.ts',
    what: 'In containers: ends when numbers of every ASE have arrived.',
    variables: byHand({
      COLLECTOR_HEALTH_URL: { needed: true, meaning: 'The collector’s health check.' },
      PROMETHEUS_URL: { needed: true, meaning: 'Prometheus, without `/api/v1`.' },
      GATE_INSTANCES: { needed: true, meaning: 'The ASEs to wait for, with commas between.' },
      GATE_NETWORKS: {
        fallback: '',
        meaning: '`NAME=NETWORK` with commas between; `none` for those that tell none.',
      },
      GATE_TIMEOUT_SECONDS: { fallback: '60', meaning: 'How long it waits.' },
    }),
  },
  {
    name: 'secrets',
    source: 'apps/secrets/src/main.ts',
    what: 'In containers: makes the secrets of a first start.',
    variables: byHand({
      SECRETS_FILE: { meaning: 'Where tokens go; needs `SECRETS_ASES`.' },
      SECRETS_ASES: { meaning: 'The ASEs, with commas between.' },
      PASSWORD_FILE: { meaning: 'Where Grafana’s password goes.' },
    }),
  },
];
