import { CATALOGUE, type MetricName, type MetricSpec, OPERATOR_SERVICE_NAME } from './catalogue.ts';
import { LOAD_CATALOGUE, LOAD_INSTANCE, LOAD_JOB } from './loadCatalogue.ts';
import { instrumentName, specOf } from './names.ts';
import { NETWORK_CATALOGUE, NETWORK_LABEL, NETWORK_SERVICE_NAME, NETWORKS } from './networkCatalogue.ts';
import { USAGE_CATALOGUE, USAGE_JOB } from './usageCatalogue.ts';

/** The reference page of all metrics, docs/reference/metrics.md, from the catalogues. */
export function renderMetricsReference(): string {
  return `<!-- Generated from telemetry/catalogue.ts and networkCatalogue.ts by ./playground dashboards: change them there. -->
# Metrics

All metrics of an ASE, with names as Prometheus shows them. First those for its own operator; what it shares with its
network is [below](#network-metrics). Each series of the operator also carries \`job="${OPERATOR_SERVICE_NAME}"\` and
\`instance\`, the ASE's name.

- **ledger** metrics are compared with the ledger by \`./playground truth\`. Their counters start at the ledger's durable
  totals, so that a restart takes nothing back.
- **process** metrics start anew with the process.
- Every counter and histogram whose labels are known beforehand stands at 0 before its first event.
- Amounts are in the smallest unit of the asset and whole numbers; a total above 2^53 − 1 is an error, not a wrong number.

| metric | kind | labels | source | meaning |
| --- | --- | --- | --- | --- |
${names()
  .map((name) => tableRow(name, specOf(name)))
  .join('\n')}

## OpenTelemetry names

What the ASE sends over OTLP; Prometheus makes the names above of it (strategy \`UnderscoreEscapingWithSuffixes\`).

| metric | instrument | unit |
| --- | --- | --- |
${names()
  .map((name) => `| \`${name}\` | \`${instrumentName(name)}\` | ${code(specOf(name).unit)} |`)
  .join('\n')}

## Buckets

Upper bounds of the histograms, in the unit that ends the name.

| metric | buckets |
| --- | --- |
${names()
  .filter((name) => specOf(name).buckets)
  .map((name) => `| \`${name}\` | ${specOf(name).buckets?.join(', ')} |`)
  .join('\n')}

## Network metrics

What an ASE shares, and only when [network telemetry](../network-telemetry.md) is on: names, meter and resource are
Rafiki's. Each series carries \`job="${NETWORK_SERVICE_NAME}"\`, \`instance\` and \`source\` (both the sender's
\`INSTANCE_NAME\`) and \`${NETWORK_LABEL}\` (${NETWORKS.map(code).join(' or ')}), which the collector sets.

- **ledger** counters continue after a restart, and \`./playground truth\` compares them with the ledger. Amounts are
  what the privacy mechanism makes of them, never less than before; counts are exact.
- **process** metrics start anew with the process.
- Amounts are in USD of scale 4: 10000 is one dollar.

| metric | kind | labels | source | meaning |
| --- | --- | --- | --- | --- |
${networkSpecs()
  .map(([name, spec]) => tableRow(name, spec))
  .join('\n')}

| metric | instrument |
| --- | --- |
${networkSpecs()
  .map(([name, { instrument }]) => `| \`${name}\` | \`${instrument}\` |`)
  .join('\n')}

The histograms have the OpenTelemetry SDK's own buckets, as Rafiki's have, so that both can be added up.

## Usage metrics

What the [usage backend](../usage-report.md) tells about the reports it has taken, on its \`/metrics\`, which Prometheus
fetches: \`job="${USAGE_JOB}"\`, \`instance="${USAGE_JOB}"\`. All are read from its database, so a restart takes nothing back.

| metric | kind | labels | meaning |
| --- | --- | --- | --- |
${Object.entries(USAGE_CATALOGUE)
  .map(
    ([name, { kind, labels, help }]) =>
      `| \`${name}\` | ${kind} | ${labels.map(code).join(', ')} | ${help} |`,
  )
  .join('\n')}

## Load metrics

What k6 tells while [\`./playground load\`](../load.md) runs: \`job="${LOAD_JOB}"\`, \`instance="${LOAD_INSTANCE}"\`. It sends
more, which nothing here reads. They start anew with each run, and end with it.

| metric | kind | labels | meaning |
| --- | --- | --- | --- |
${Object.entries(LOAD_CATALOGUE)
  .map(
    ([name, { kind, labels, help }]) =>
      `| \`${name}\` | ${kind} | ${labels.map(code).join(', ')} | ${help} |`,
  )
  .join('\n')}
`;
}

function names(): MetricName[] {
  return Object.keys(CATALOGUE) as MetricName[];
}

function networkSpecs(): [string, MetricSpec & { instrument: string }][] {
  return Object.entries(NETWORK_CATALOGUE);
}

function tableRow(name: string, { kind, labels, source, help }: MetricSpec): string {
  const labelCodes = labels.map(code).join(', ');
  return `| \`${name}\` | ${kind} | ${labelCodes} | ${source} | ${help.replaceAll('|', '\\|')} |`;
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}
