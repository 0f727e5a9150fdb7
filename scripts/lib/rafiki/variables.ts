/** A variable that a real Rafiki's backend has to be given, or may be. */
export interface RafikiVariable {
  name: string;
  /** For a Rafiki on this machine. */
  value: string;
  /** For a Rafiki in a container of Docker Desktop, or where `host.docker.internal` leads to this machine. */
  inDocker: string;
  why: string;
}

/** What makes a Rafiki tell this playground's testnet. */
export function rafikiVariables(place: {
  collectorUrl: string;
  ratesUrl: string;
  exportIntervalMs: number;
}): RafikiVariable[] {
  const same = (name: string, value: string, why: string) => ({ name, value, inDocker: value, why });
  const url = (name: string, value: string, why: string) => ({
    name,
    value,
    inDocker: fromDocker(value),
    why,
  });
  return [
    same('ENABLE_TELEMETRY', 'true', 'it is off by default'),
    same('LIVENET', 'false', 'only chooses its default collectors; the playground’s are named below'),
    url(
      'OPEN_TELEMETRY_COLLECTOR_URLS',
      place.collectorUrl,
      'the balancer of the testnet; more, with commas',
    ),
    same('OPEN_TELEMETRY_EXPORT_INTERVAL', String(place.exportIntervalMs), 'milliseconds; 15000 by default'),
    same('INSTANCE_NAME', 'my-rafiki', 'the label `source` on the boards; any name but those of our ASEs'),
    url('TELEMETRY_EXCHANGE_RATES_URL', place.ratesUrl, 'for currencies that its own rates do not know'),
  ];
}

function fromDocker(url: string): string {
  return url.replace(/\/\/(127\.0\.0\.1|localhost)(?=[:/]|$)/, '//host.docker.internal');
}
