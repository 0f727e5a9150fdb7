import { TableCellHeight, TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import {
  type DataTransformerConfig,
  type DynamicConfigValue,
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { COLOUR, type TextColour } from './colours.ts';
import {
  type Basics,
  draft,
  instant,
  type PanelDraft,
  refId,
  thresholdSteps,
  thresholds,
} from './panelParts.ts';
import type { PromQL } from './selector.ts';

const NARROWEST_COLUMN_PX = 60;

/** A label that tells the rows apart, the value of a query, or one column divided by another. */
export type Column = LabelColumn | QueryColumn | RatioColumn;

interface AnyColumn {
  title: string;
  /** Without one the columns share what is left. */
  widthPx?: number;
}
interface LabelColumn extends AnyColumn {
  label: string;
  /** Colours of the words that may stand in it. */
  colours?: Record<string, TextColour>;
}
interface QueryColumn extends NumberColumn {
  query: PromQL;
}
interface RatioColumn extends NumberColumn {
  ratio: { of: string; to: string };
}
interface NumberColumn extends AnyColumn {
  unit?: string;
  decimals?: number;
  mappings?: ValueMapping[];
  /** Said in a cell that has no number. */
  noValue?: string;
  colour?: TextColour;
  steps?: [from: number, colour: TextColour][];
}

/** Queries joined into one table on the labels that they share. */
export function table(
  options: Basics & {
    columns: Column[];
    /** Columns to order the rows by; else they stand as the first query orders them. */
    sortBy?: string[];
    /** From the largest on; from the smallest when left out. */
    newestFirst?: boolean;
  },
): PanelDraft {
  const queries = options.columns.filter((column) => 'query' in column);
  return draft(options, () => {
    const builder = new TableBuilder()
      .targets(queries.map(({ query }, i) => instant(query, refId(i)).format(PromQueryFormat.Table)))
      .unit(options.unit)
      .decimals(options.decimals ?? 0)
      .noValue(options.noValue)
      .showHeader(true)
      .cellHeight(TableCellHeight.Sm)
      // Grafana's own least width of 150 makes five columns wider than half a screen.
      .minWidth(NARROWEST_COLUMN_PX)
      .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
      .thresholds(thresholds(COLOUR.quiet))
      .sortBy(
        (options.sortBy ?? []).map((title) =>
          new TableSortByFieldStateBuilder().displayName(title).desc(options.newestFirst ?? false),
        ),
      )
      .transformations(transformations(options.columns, queries));
    for (const column of options.columns) builder.overrideByName(column.title, cellProperties(column));
    return builder;
  });
}

function transformations(columns: Column[], queries: QueryColumn[]): DataTransformerConfig[] {
  const fieldOf = (column: Column): string => {
    if ('label' in column) return column.label;
    if ('ratio' in column) return column.title;
    return queries.length === 1 ? 'Value' : `Value #${refId(queries.indexOf(column))}`;
  };
  const fieldOfTitle = (title: string): string => {
    const column = columns.find((candidate) => candidate.title === title);
    if (!column) throw new Error(`no column is called ${title}`);
    return fieldOf(column);
  };
  return [
    { id: 'merge', options: {} },
    ...columns
      .filter((column) => 'ratio' in column)
      .map(({ title, ratio }) => ({
        id: 'calculateField',
        options: {
          mode: 'binary',
          binary: {
            left: { matcher: { id: 'byName', options: fieldOfTitle(ratio.of) } },
            operator: '/',
            right: { matcher: { id: 'byName', options: fieldOfTitle(ratio.to) } },
          },
          alias: title,
          // Rows are no times here.
          timeSeries: false,
        },
      })),
    {
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        indexByName: Object.fromEntries(columns.map((column, i) => [fieldOf(column), i])),
        renameByName: Object.fromEntries(columns.map((column) => [fieldOf(column), column.title])),
      },
    },
  ];
}

function cellProperties(column: Column): DynamicConfigValue[] {
  const coloured = { id: 'custom.cellOptions', value: { type: 'color-text' } };
  const properties: DynamicConfigValue[] = [];
  if (column.widthPx !== undefined) properties.push({ id: 'custom.width', value: column.widthPx });
  if ('label' in column) {
    properties.push({ id: 'custom.align', value: 'left' });
    if (column.colours) properties.push(coloured, { id: 'mappings', value: [wordColours(column.colours)] });
    return properties;
  }
  properties.push({ id: 'custom.align', value: 'right' });
  if (column.unit !== undefined) properties.push({ id: 'unit', value: column.unit });
  if (column.decimals !== undefined) properties.push({ id: 'decimals', value: column.decimals });
  if (column.noValue !== undefined) properties.push({ id: 'noValue', value: column.noValue });
  if (column.mappings) properties.push({ id: 'mappings', value: column.mappings });
  if (column.colour || column.steps) {
    const steps = thresholdSteps(column.colour ?? COLOUR.quiet, column.steps);
    properties.push(coloured, { id: 'thresholds', value: { mode: 'absolute', steps } });
  }
  return properties;
}

function wordColours(colours: Record<string, TextColour>): ValueMapping {
  const options = Object.entries(colours).map(([word, color], index) => [word, { color, index }]);
  return { type: MappingType.ValueToText, options: Object.fromEntries(options) };
}
