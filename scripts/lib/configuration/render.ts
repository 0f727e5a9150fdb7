import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../settings.ts';
import { PROGRAMS, type Program } from './programs.ts';
import type { Variable } from './variables.ts';

const LONG = 60;

/** The reference page of all settings, docs/configuration.md: `.env`, then the variables of every program. */
export function renderConfiguration(env = readFileSync(path.join(ROOT, '.env'), 'utf8')): string {
  return `<!-- Generated from .env and the programs' settings by ./playground dashboards: change them there. -->
# Configuration

Two layers. \`.env\` has what a playground is made of: versions, ports and choices, each of which the environment may
override for one start. Every program of ours reads environment variables, once, and names all that is wrong with them
before it does anything else; \`./playground up\` and docker-compose.yml set them. An empty variable counts as not set.

## .env

| name | value | meaning |
| --- | --- | --- |
${envRows(env).join('\n')}

## Programs

${PROGRAMS.map(section).join('\n\n')}

## The guide’s configuration file

The ASE also takes the configuration file of the guide for operators, in YAML, by \`ASE_CONFIG_FILE\`. The environment wins
over it, and what it does not say has its default.

| in \`observability:\` | is |
| --- | --- |
| \`prometheus.enabled\`, \`.metricsPath\`, \`.includeDefaultMetrics\` | \`PROMETHEUS_ENABLED\`, \`PROMETHEUS_METRICS_PATH\`, \`PROMETHEUS_DEFAULT_METRICS\` |
| \`prometheus.labels\` | \`OTEL_RESOURCE_ATTRIBUTES\`: they stand on \`target_info\`, not on every series, or no number would be that of the ledger any more |
| \`opentelemetry.enabled\`, \`.serviceName\`, \`.exporterEndpoint\`, \`.samplingRatio\` | \`OTEL_ENABLED\`, \`OTEL_SERVICE_NAME\`, \`OTEL_EXPORTER_ENDPOINT\`, \`OTEL_SAMPLING_RATIO\` |
| \`sla.…\` | checked, and nothing more: rules and boards go by \`SLA_PACKET_SUCCESS_THRESHOLD\`, \`SLA_SETTLEMENT_SUCCESS_THRESHOLD\` and \`SLA_P99_LATENCY_MS\` of \`.env\` |
`;
}

/** Each name with the comment above it; a comment stands for all names up to the next one. */
function envRows(env: string): string[] {
  let comment: string[] = [];
  let isOpen = false;
  return env.split('\n').flatMap((line) => {
    if (line.startsWith('#')) {
      comment = isOpen ? [...comment, line.slice(1).trim()] : [line.slice(1).trim()];
      isOpen = true;
      return [];
    }
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (!name) {
      // What an empty line ends is about the file, not about a name.
      isOpen = false;
      return [];
    }
    const meaning = isOpen ? cell(comment.join(' ')) : 'as above';
    isOpen = false;
    return [`| \`${name}\` | ${code(value ?? '')} | ${meaning} |`];
  });
}

function section({ name, source, what, variables }: Program): string {
  const rows = variables.map(row).join('\n');
  return `### ${name}\n\n${what} Read in \`${source}\`.\n\n| variable | default | meaning |\n| --- | --- | --- |\n${rows}`;
}

function row({ name, fallback, isNeeded, meaning }: Variable): string {
  const otherwise = isNeeded ? '**needed**' : fallback === undefined ? 'not set' : shortened(fallback);
  return `| \`${name}\` | ${otherwise} | ${cell(meaning)} |`;
}

function shortened(fallback: string): string {
  if (fallback === '') return 'empty';
  return fallback.length > LONG ? `${code(fallback.slice(0, LONG))} …` : code(fallback);
}

function code(text: string): string {
  return text === '' ? '' : `\`${cell(text)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
