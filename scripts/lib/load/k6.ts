import { LOAD_INSTANCE } from '../../../telemetry/loadCatalogue.ts';
import { baseEnvironment } from '../component.ts';
import { VerbError } from '../errors.ts';
import { ROOT } from '../settings.ts';
import { run } from '../tools/run.ts';
import { type Scenario, scriptOf } from './scenarios.ts';
import { type LoadSummary, summaryIn } from './summary.ts';

export interface K6Run {
  k6: string;
  scenario: Scenario;
  /** For the script: LOAD_…. */
  environment: Record<string, string>;
  /** host:port of the operator's collector; left out: k6 tells nobody. */
  otlpEndpoint?: string;
  say: (line: string) => void;
  signal: AbortSignal;
}

/** Of so many lines of progress, one a second, one is told. */
const SAY_EVERY = 4;
/** How k6 ends when the script's thresholds were crossed: the run was made, and is a no. */
const CROSSED = 'exit code 99';

/**
 * Runs a script of scripts/load to its end.
 * @throws VerbError when there is no summary: then k6 could not make the run
 */
export async function runK6({
  k6,
  scenario,
  environment,
  otlpEndpoint,
  say,
  signal,
}: K6Run): Promise<LoadSummary> {
  let summary: LoadSummary | undefined;
  const told = new Set<string>();
  const onLine = (line: string) => {
    summary ??= summaryIn(line);
    const progress = /^running \((.*)\), (.*) VUs, (\d+) complete/.exec(line);
    if (!progress) return;
    const [, time = '', users = '', complete = ''] = progress;
    told.add(time);
    if (told.size % SAY_EVERY === 1 && !summary) say(`  ${time}: ${users} virtual users, ${complete} done`);
    told.add('');
  };
  const output = otlpEndpoint === undefined ? [] : ['--out=opentelemetry'];
  const words = ['run', '--no-color', '--address=', ...output, scriptOf(scenario)];
  const env = { ...baseEnvironment(), ...k6Environment(otlpEndpoint ?? ''), ...environment };
  const { ok, outcome, lines } = await run(k6, words, { cwd: ROOT, env, signal, onLine });
  if (summary && (ok || outcome === CROSSED)) return summary;
  throw new VerbError(`k6 did not make the run: ${outcome}`, lines.filter(isComplaint).slice(-5));
}

/** What every script needs: a name of its own for the run, which payments, and where the ASEs are. */
export function loadEnvironment({
  scenario,
  seed,
  ases,
}: {
  scenario: Scenario;
  seed: number;
  ases: readonly { name: string; url: string; assetCode: string; assetScale: number }[];
}): Record<string, string> {
  return {
    LOAD_RUN: `${scenario}-${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}`,
    LOAD_SEED: String(seed),
    LOAD_ASES: JSON.stringify(
      ases.map(({ name, url, assetCode, assetScale }) => ({ name, url, assetCode, assetScale })),
    ),
  };
}

/** Compose gives the same ones. It sends no usage report, and listens nowhere. */
export function k6Environment(otlpEndpoint: string): Record<string, string> {
  return {
    K6_OTEL_GRPC_EXPORTER_ENDPOINT: otlpEndpoint,
    K6_OTEL_GRPC_EXPORTER_INSECURE: 'true',
    K6_OTEL_METRIC_PREFIX: 'k6_',
    K6_OTEL_EXPORT_INTERVAL: '1s',
    K6_OTEL_FLUSH_INTERVAL: '200ms',
    K6_NO_USAGE_REPORT: 'true',
    OTEL_RESOURCE_ATTRIBUTES: `service.instance.id=${LOAD_INSTANCE}`,
  };
}

function isComplaint(line: string): boolean {
  return line.includes('level=error');
}
