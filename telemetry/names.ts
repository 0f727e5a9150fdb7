import { CATALOGUE, type MetricName, type MetricSpec } from './catalogue.ts';

/** The catalogue's entry in its general form. */
export function specOf(name: MetricName): MetricSpec {
  return CATALOGUE[name];
}

/** Name of the OpenTelemetry instrument behind a catalogue name: the convention's, else the name without suffixes. */
export function instrumentName(name: MetricName): string {
  const spec = specOf(name);
  return spec.instrument ?? suffixesOf(spec).reduceRight((rest, suffix) => withoutSuffix(rest, suffix), name);
}

/** Attribute key behind a Prometheus label. */
export function attributeName(label: string): string {
  return CONVENTIONAL_ATTRIBUTES[label] ?? label;
}

/**
 * What Prometheus makes of an instrument's name by the translation strategy UnderscoreEscapingWithSuffixes,
 * for names and units as the catalogue has them (ASCII, no rates such as By/s).
 */
export function prometheusName(instrument: string, spec: Pick<MetricSpec, 'kind' | 'unit'>): string {
  const words = escaped(instrument).split('_').filter(Boolean);
  for (const suffix of suffixesOf(spec)) {
    const at = words.indexOf(suffix);
    // The unit is added once; `total` and `ratio` always come last.
    if (suffix === 'total' || suffix === 'ratio') {
      if (at >= 0) words.splice(at, 1);
      words.push(suffix);
    } else if (at < 0) words.push(suffix);
  }
  return words.join('_');
}

/** What Prometheus makes of an attribute's key. */
export function prometheusLabel(attribute: string): string {
  return escaped(attribute);
}

const CONVENTIONAL_ATTRIBUTES: Record<string, string> = {
  http_request_method: 'http.request.method',
  http_route: 'http.route',
  http_response_status_code: 'http.response.status_code',
  network_io_direction: 'network.io.direction',
  v8js_heap_space_name: 'v8js.heap.space.name',
  v8js_gc_type: 'v8js.gc.type',
};

const UNIT_WORDS: Record<string, string> = { s: 'seconds', By: 'bytes' };

function suffixesOf({ kind, unit }: Pick<MetricSpec, 'kind' | 'unit'>): string[] {
  const suffixes: string[] = [];
  const unitWord = UNIT_WORDS[unit];
  if (unitWord) suffixes.push(unitWord);
  if (kind === 'counter') suffixes.push('total');
  if (kind === 'gauge' && unit === '1') suffixes.push('ratio');
  return suffixes;
}

function withoutSuffix(name: string, suffix: string): string {
  return name.endsWith(`_${suffix}`) ? name.slice(0, -suffix.length - 1) : name;
}

function escaped(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_');
}
