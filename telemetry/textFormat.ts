/** One line of Prometheus text format; the value is the text as written. */
export interface TextSample {
  name: string;
  labels: Record<string, string>;
  value: string;
  /** When it was taken, as Unix time, where the line says so. */
  timestampMs?: number;
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?[ \t]+(\S+)(?:[ \t]+(-?\d+))?$/s;
const LABEL = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)/sy;

/** Reads the samples of Prometheus text format 0.0.4; throws a SyntaxError that names the line it cannot read. */
export function parsePrometheusText(text: string): TextSample[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const [, name, labels = '', value, timestamp] = SAMPLE.exec(line.trimEnd()) ?? [];
    if (!name || !value || !isNumeral(value))
      throw new SyntaxError(`line ${index + 1} is no sample: ${line}`);
    const sample = { name, labels: parseLabels(labels.trim(), index + 1), value };
    return [timestamp === undefined ? sample : { ...sample, timestampMs: Number(timestamp) }];
  });
}

function parseLabels(text: string, line: number): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const [, key, value] = LABEL.exec(text) ?? [];
    if (key === undefined || value === undefined)
      throw new SyntaxError(`line ${line} has bad labels: ${text}`);
    labels[key] = value.replace(/\\(.)/gs, (_, char: string) => (char === 'n' ? '\n' : char));
  }
  return labels;
}

function isNumeral(text: string): boolean {
  return /^[+-]?(Inf|NaN)$/.test(text) || !Number.isNaN(Number(text));
}
