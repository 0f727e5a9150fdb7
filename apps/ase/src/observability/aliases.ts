/** Where traces go by default, if they are switched on by the guide's variable. */
const DEFAULT_ENDPOINT = 'http://localhost:4317';

type Environment = Record<string, string | undefined>;

/**
 * The guide and Rafiki call the same two things differently: whether there are traces, and where they go. Who sets
 * the guide's variables sets Rafiki's by them; where both are set, they must say the same.
 */
export function withAliases(given: Environment, problems: string[]): Environment {
  const { OTEL_ENABLED: enabled, OTEL_EXPORTER_ENDPOINT: endpoint } = given;
  const isSomewhere = given.OPEN_TELEMETRY_TRACE_COLLECTOR_URLS !== undefined;
  const byDefault = enabled === 'true' && !isSomewhere ? DEFAULT_ENDPOINT : undefined;
  const wanted: Environment = {
    ENABLE_TELEMETRY_TRACES: enabled,
    OPEN_TELEMETRY_TRACE_COLLECTOR_URLS: endpoint ?? byDefault,
  };
  const result = { ...given };
  for (const [name, alias] of [
    ['ENABLE_TELEMETRY_TRACES', 'OTEL_ENABLED'],
    ['OPEN_TELEMETRY_TRACE_COLLECTOR_URLS', 'OTEL_EXPORTER_ENDPOINT'],
  ] as const) {
    const value = wanted[name];
    if (value === undefined) continue;
    if (given[name] !== undefined && given[name] !== value) {
      problems.push(`${alias}: says something else than ${name}; set one of them`);
    } else result[name] = value;
  }
  return result;
}
