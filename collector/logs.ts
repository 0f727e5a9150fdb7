import path from 'node:path';

/** Where log lines can be sent on to; each has a file that is given to the collector after `operator.yaml`. */
export const LOG_BACKENDS = ['loki', 'elastic', 'datadog', 'cloudwatch'] as const;
export type LogBackend = (typeof LOG_BACKENDS)[number];

export function logsConfig(backend: LogBackend): string {
  return path.resolve(import.meta.dirname, `../deploy/logs/${backend}.yaml`);
}

/** What the files read, for a backend at `url`, an origin. */
export function logsEnvironment(url: string): Record<string, string> {
  return {
    LOKI_URL: url,
    ELASTIC_LOGS_URL: `${url}/_otlp/v1/logs`,
    ELASTIC_API_KEY: 'key-for-elastic',
    DATADOG_LOGS_URL: `${url}/v1/logs`,
    DATADOG_API_KEY: 'key-for-datadog',
    CLOUDWATCH_LOGS_URL: `${url}/v1/logs`,
    CLOUDWATCH_TOKEN: 'token-for-cloudwatch',
  };
}
