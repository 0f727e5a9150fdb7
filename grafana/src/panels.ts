import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphDrawStyle,
  GraphGradientMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TableCellHeight,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type DashboardLinkBuilder,
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  type Panel,
  SpecialValueMatch,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  PanelBuilder as HeatmapBuilder,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { COLOUR, type Colour } from './colours.ts';
import { INSTANCE_VARIABLE, type PromQL } from './selector.ts';

/** The one data source; provisioning and the built-in viewer give it this uid. */
export const DATASOURCE = { type: 'prometheus', uid: 'prometheus' };

/** The narrowest step of a line over time: at 1 s apart a rate would look at a handful of samples. */
const SHORTEST_STEP = '5s';

/** Places the finished panel; layout.ts calls it. */
export type PanelDraft = (place: { id: number; x: number; y: number; w: number; h: number }) => Panel;

interface Basics {
  title: string;
  /** What it means, and what to do when it looks wrong. */
  description: string;
  unit: string;
  decimals?: number;
  /** Said in the panel when there is nothing to show: why that may be. */
  noValue: string;
  /** One panel for each ASE that is chosen; the title then carries `$instance`. */
  perAse?: boolean;
  links?: DashboardLinkBuilder[];
}

export interface Series {
  query: PromQL;
  /** Grafana's legend format: `{{label}}`. */
  name: string;
  colour?: Colour;
}

/** One number, asked for once at the end of the time range. */
export function stat(
  options: Basics & {
    query: PromQL;
    colour: Colour;
    steps?: Step[];
    mappings?: ValueMapping[];
    trend?: boolean;
  },
): PanelDraft {
  const target = options.trend ? lines(options.query, '', 'A') : instant(options.query, 'A');
  return draft(options, () =>
    new StatBuilder()
      .withTarget(target)
      .unit(options.unit)
      .decimals(options.decimals ?? 0)
      .noValue(options.noValue)
      // `last`, not `lastNotNull`: NaN is an answer too (nothing happened), and has its own text.
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(['last']).values(false).fields(''))
      .textMode(BigValueTextMode.Value)
      .colorMode(BigValueColorMode.Value)
      .graphMode(options.trend ? BigValueGraphMode.Area : BigValueGraphMode.None)
      .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
      .thresholds(thresholds(options.colour, options.steps ?? []))
      .mappings(options.mappings ?? []),
  );
}

/** Lines (or stacked bars) over time. */
export function timeseries(
  options: Basics & {
    series: Series[];
    /** Colours by the name that the legend shows, for a query that gives several series. */
    colours?: Record<string, Colour>;
    max?: number;
    bars?: boolean;
    /** May be below 0; else the axis starts there. */
    anyValue?: boolean;
    axis?: string;
  },
): PanelDraft {
  return draft(options, () => {
    const builder = new TimeseriesBuilder()
      .targets(options.series.map(({ query, name }, i) => lines(query, name, refId(i))))
      .unit(options.unit)
      .noValue(options.noValue)
      .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName))
      .drawStyle(options.bars ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
      .lineWidth(options.bars ? 0 : 2)
      .fillOpacity(options.bars ? 80 : 10)
      .gradientMode(options.bars ? GraphGradientMode.None : GraphGradientMode.Opacity)
      .stacking(
        new StackingConfigBuilder().mode(options.bars ? StackingMode.Normal : StackingMode.None).group('A'),
      )
      .showPoints(VisibilityMode.Never)
      .spanNulls(true)
      .axisBorderShow(false)
      .legend(
        new VizLegendOptionsBuilder()
          .showLegend(true)
          .displayMode(LegendDisplayMode.List)
          .placement(LegendPlacement.Bottom)
          .calcs([]),
      )
      .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
    if (options.decimals !== undefined) builder.decimals(options.decimals);
    if (!options.anyValue) builder.min(0);
    if (options.max !== undefined) builder.max(options.max);
    if (options.axis !== undefined) builder.axisLabel(options.axis);
    options.series.forEach(({ colour }, i) => {
      if (colour) builder.overrideByQuery(refId(i), [fixed(colour)]);
    });
    for (const [name, colour] of Object.entries(options.colours ?? {}))
      builder.overrideByName(name, [fixed(colour)]);
    return builder;
  });
}

/** A column of a table: a label that tells the rows apart, or the value of a query. */
export type Column = { title: string; width?: number } & (
  | { label: string; colours?: Record<string, string> }
  | {
      query: PromQL;
      unit?: string;
      decimals?: number;
      colour?: Colour;
      mappings?: ValueMapping[];
      steps?: Step[];
    }
);

/** Queries joined into one table on the labels that they share. */
export function table(options: Basics & { columns: Column[] }): PanelDraft {
  const valueColumns = options.columns.filter((column) => 'query' in column);
  const fieldOf = (column: Column): string =>
    'label' in column
      ? column.label
      : valueColumns.length === 1
        ? 'Value'
        : `Value #${refId(valueColumns.indexOf(column))}`;
  return draft(options, () => {
    const builder = new TableBuilder()
      .targets(valueColumns.map(({ query }, i) => instant(query, refId(i)).format(PromQueryFormat.Table)))
      .unit(options.unit)
      .decimals(options.decimals ?? 0)
      .noValue(options.noValue)
      .showHeader(true)
      .cellHeight(TableCellHeight.Sm)
      .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
      .thresholds(thresholds(COLOUR.quiet, []))
      .transformations([
        { id: 'merge', options: {} },
        {
          id: 'organize',
          options: {
            excludeByName: { Time: true },
            indexByName: Object.fromEntries(options.columns.map((column, i) => [fieldOf(column), i])),
            renameByName: Object.fromEntries(
              options.columns.map((column) => [fieldOf(column), column.title]),
            ),
          },
        },
      ]);
    for (const column of options.columns) builder.overrideByName(column.title, cellProperties(column));
    return builder;
  });
}

/** How many events fell into each bucket of a histogram, over time. */
export function heatmap(options: Basics & { query: PromQL }): PanelDraft {
  return draft(options, () =>
    new HeatmapBuilder()
      .withTarget(lines(options.query, '{{le}}', 'A').format(PromQueryFormat.Heatmap))
      .noValue(options.noValue)
      .unit('none')
      .calculate(false)
      .color(
        new HeatmapColorOptionsBuilder()
          .mode(HeatmapColorMode.Scheme)
          .scheme('Blues')
          .exponent(0.5)
          .steps(64),
      )
      .yAxis(new YAxisConfigBuilder().unit(options.unit))
      .showValue(VisibilityMode.Never)
      .cellGap(1),
  );
}

/** From which value on which colour. */
export type Step = [from: number, colour: Colour];

/** Text in place of a certain number. */
export function textFor(value: number, text: string, colour: Colour = COLOUR.quiet): ValueMapping {
  return { type: MappingType.ValueToText, options: { [String(value)]: { text, color: colour, index: 0 } } };
}

/** Text in place of something divided by zero. */
export function textForNone(text: string): ValueMapping[] {
  const result = { text, color: COLOUR.quiet, index: 0 };
  return [
    { type: MappingType.SpecialValue, options: { match: SpecialValueMatch.NotANumber, result } },
    textFor(Number.POSITIVE_INFINITY, text),
  ];
}

interface AnyBuilder {
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: typeof DATASOURCE): this;
  id(id: number): this;
  gridPos(place: { x: number; y: number; w: number; h: number }): this;
  repeat(variable: string): this;
  repeatDirection(direction: 'h'): this;
  maxPerRow(max: number): this;
  links(links: DashboardLinkBuilder[]): this;
  build(): Panel;
}

function draft(basics: Basics, make: () => AnyBuilder): PanelDraft {
  return ({ id, ...gridPos }) => {
    const builder = make()
      .title(basics.title)
      .description(basics.description)
      .datasource(DATASOURCE)
      .id(id)
      .gridPos(gridPos);
    if (basics.perAse) builder.repeat(INSTANCE_VARIABLE).repeatDirection('h').maxPerRow(4);
    if (basics.links) builder.links(basics.links);
    return builder.build();
  };
}

function instant(query: PromQL, ref: string): DataqueryBuilder {
  return new DataqueryBuilder().expr(query).refId(ref).instant().datasource(DATASOURCE);
}

function lines(query: PromQL, name: string, ref: string): DataqueryBuilder {
  return new DataqueryBuilder()
    .expr(query)
    .legendFormat(name)
    .refId(ref)
    .range()
    .interval(SHORTEST_STEP)
    .datasource(DATASOURCE);
}

function refId(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

function thresholds(base: Colour, steps: Step[]): ThresholdsConfigBuilder {
  const all: Threshold[] = [
    { value: null, color: base },
    ...steps.map(([value, color]) => ({ value, color })),
  ];
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(all);
}

function fixed(colour: Colour) {
  return { id: 'color', value: { mode: 'fixed', fixedColor: colour } };
}

function cellProperties(column: Column) {
  const properties: { id: string; value: unknown }[] = [];
  const coloured = { id: 'custom.cellOptions', value: { type: 'color-text' } };
  if (column.width !== undefined) properties.push({ id: 'custom.width', value: column.width });
  if ('label' in column) {
    properties.push({ id: 'custom.align', value: 'left' });
    if (column.colours) {
      const options = Object.fromEntries(
        Object.entries(column.colours).map(([text, color], index) => [text, { color, index }]),
      );
      properties.push(coloured, { id: 'mappings', value: [{ type: MappingType.ValueToText, options }] });
    }
    return properties;
  }
  properties.push({ id: 'custom.align', value: 'right' });
  if (column.unit !== undefined) properties.push({ id: 'unit', value: column.unit });
  if (column.decimals !== undefined) properties.push({ id: 'decimals', value: column.decimals });
  if (column.mappings) properties.push({ id: 'mappings', value: column.mappings });
  if (column.colour || column.steps) {
    const steps = [{ value: null, color: column.colour ?? COLOUR.quiet }].concat(
      (column.steps ?? []).map(([value, color]) => ({ value, color })) as never[],
    );
    properties.push(coloured, { id: 'thresholds', value: { mode: 'absolute', steps } });
  }
  return properties;
}
