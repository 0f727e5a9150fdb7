import type { ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { DOLLARS } from '../panelParts.ts';
import type { ShownPanel } from './shownPanels.ts';

/** One series of a Prometheus answer. */
export interface Sample {
  labels: Record<string, string>;
  value: number;
}
export type Answers = Record<string, Sample[]>;

interface FieldOptions {
  unit?: string;
  decimals?: number;
  mappings?: ValueMapping[];
  noValue?: string;
}

/**
 * The text of a stat panel, by the settings in its JSON. A small stand-in for Grafana, for the units that asserted
 * panels may have and no other; the browser tests look at the real thing.
 */
export function statText({ panel }: ShownPanel, answers: Answers): string {
  const { defaults } = panel.fieldConfig as { defaults: FieldOptions };
  const samples = answers.A ?? [];
  if (samples.length > 1) throw new Error(`${panel.title}: a stat with ${samples.length} values`);
  return samples[0] ? format(samples[0].value, defaults) : (defaults.noValue ?? 'No data');
}

/** The rows of a table panel, by column title. */
export function tableRows({ panel }: ShownPanel, answers: Answers): Record<string, string>[] {
  const { defaults, overrides } = panel.fieldConfig as unknown as {
    defaults: FieldOptions;
    overrides: { matcher: { options: string }; properties: { id: string; value: unknown }[] }[];
  };
  const { renameByName, indexByName } = transformation(panel, 'organize') as Organize;
  const order = Object.keys(indexByName).sort((a, b) => indexByName[a]! - indexByName[b]!);
  const options = (title: string): FieldOptions => {
    const own = overrides.filter(({ matcher }) => matcher.options === title);
    return {
      ...defaults,
      ...Object.fromEntries(own.flatMap((o) => o.properties.map(({ id, value }) => [id, value]))),
    };
  };
  return merge(answers).map((row) => {
    const ratio = transformation(panel, 'calculateField') as CalculateField | undefined;
    if (ratio) {
      const { left, operator, right } = ratio.binary;
      if (operator !== '/') throw new Error(`a ratio made with ${operator}`);
      row[ratio.alias] = Number(row[left.matcher.options]) / Number(row[right.matcher.options]);
    }
    return Object.fromEntries(
      order.map((field) => {
        const title = renameByName[field]!;
        const value = row[field];
        return [title, typeof value === 'number' ? format(value, options(title)) : (value ?? '')];
      }),
    );
  });
}

interface Organize {
  renameByName: Record<string, string>;
  indexByName: Record<string, number>;
}
interface CalculateField {
  alias: string;
  binary: { left: FieldByName; operator: string; right: FieldByName };
}
interface FieldByName {
  matcher: { options: string };
}

function transformation(panel: ShownPanel['panel'], id: string): unknown {
  return panel.transformations?.find((candidate) => candidate.id === id)?.options;
}

/** Grafana's `merge`: rows of different queries are one when the labels that all queries have are equal. */
function merge(answers: Answers): Record<string, string | number>[] {
  const names = Object.values(answers).map(
    (samples) => new Set(samples.flatMap((s) => Object.keys(s.labels))),
  );
  const shared = [...(names[0] ?? [])].filter((name) => names.every((set) => set.has(name)));
  const single = Object.keys(answers).length === 1;
  const rows = new Map<string, Record<string, string | number>>();
  for (const [refId, samples] of Object.entries(answers)) {
    for (const { labels, value } of samples) {
      const key = shared.map((name) => labels[name]).join('\n');
      rows.set(key, { ...rows.get(key), ...labels, [single ? 'Value' : `Value #${refId}`]: value });
    }
  }
  return [...rows.values()];
}

function format(value: number, { unit, decimals, mappings }: FieldOptions): string {
  const text = mappings
    ?.map((mapping) => mapped(value, mapping))
    .find((candidate) => candidate !== undefined);
  if (text !== undefined) return text;
  if (unit === 'none') return toFixed(value, decimals ?? 0);
  if (unit === 'percentunit') return `${toFixed(100 * value, decimals ?? 0)}%`;
  if (unit === DOLLARS) return `$${inEnglish(value, decimals ?? 0)}`;
  if (unit?.startsWith('prefix:')) return `${unit.slice('prefix:'.length)}${toFixed(value, decimals ?? 0)}`;
  throw new Error(`no asserted panel may have the unit ${unit}`);
}

function mapped(value: number, { type, options }: ValueMapping): string | undefined {
  if (type === 'special')
    return Number.isNaN(value) && options.match === 'nan' ? options.result.text : undefined;
  return type === 'value' ? options[String(value)]?.text : undefined;
}

function inEnglish(value: number, decimals: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

function toFixed(value: number, decimals: number): string {
  const factor = 10 ** decimals;
  return (Math.round(value * factor) / factor).toFixed(decimals);
}
