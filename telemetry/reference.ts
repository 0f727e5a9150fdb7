import { CATALOGUE, type MetricName, OPERATOR_SERVICE_NAME } from './catalogue.ts';
import { instrumentName, specOf } from './names.ts';

/** The reference page of all metrics, docs/reference/metrics.md, from the catalogue. */
export function renderMetricsReference(): string {
  return `<!-- Generated from telemetry/catalogue.ts by ./playground dashboards: change it there. -->
# Metrics

All metrics of an ASE, with names as Prometheus shows them. Each series also carries \`job="${OPERATOR_SERVICE_NAME}"\` and
\`instance\`, the ASE's name.

- **ledger** metrics are compared with the ledger by \`./playground truth\`. Their counters start at the ledger's durable
  totals, so that a restart takes nothing back.
- **process** metrics start anew with the process.
- Every counter and histogram whose labels are known beforehand stands at 0 before its first event.
- Amounts are in the smallest unit of the asset and whole numbers; a total above 2^53 − 1 is an error, not a wrong number.

| metric | kind | labels | source | meaning |
| --- | --- | --- | --- | --- |
${names().map(tableRow).join('\n')}

## OpenTelemetry names

What the ASE sends over OTLP; Prometheus makes the names above of it (strategy \`UnderscoreEscapingWithSuffixes\`).

| metric | instrument | unit |
| --- | --- | --- |
${names()
  .map((name) => `| \`${name}\` | \`${instrumentName(name)}\` | ${code(specOf(name).unit)} |`)
  .join('\n')}

## Buckets

Upper bounds of the histograms, in seconds.

| metric | buckets |
| --- | --- |
${names()
  .filter((name) => specOf(name).buckets)
  .map((name) => `| \`${name}\` | ${specOf(name).buckets?.join(', ')} |`)
  .join('\n')}
`;
}

function names(): MetricName[] {
  return Object.keys(CATALOGUE) as MetricName[];
}

function tableRow(name: MetricName): string {
  const { kind, labels, source, help } = specOf(name);
  const labelCodes = labels.map(code).join(', ');
  return `| \`${name}\` | ${kind} | ${labelCodes} | ${source} | ${help.replaceAll('|', '\\|')} |`;
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}
