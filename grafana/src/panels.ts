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
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder,
  FieldColorModeId,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  PanelBuilder as HeatmapBuilder,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { ASE_COLOUR, type Colour } from './colours.ts';
import {
  type Basics,
  draft,
  instant,
  overTime,
  type PanelDraft,
  refId,
  type Step,
  thresholds,
} from './panelParts.ts';
import type { PromQL } from './selector.ts';

export { DOLLARS, type PanelDraft, SHORT_DOLLARS, textFor, textForNone } from './panelParts.ts';
export { table } from './tablePanel.ts';
export { words } from './textPanel.ts';

export interface Series {
  query: PromQL;
  /** Grafana's legend format: `{{label}}`. Where it begins with the ASE, its lines have the colour of that ASE. */
  name: string;
  colour?: Colour;
  /** Points of single measurements beside the line, each leading to its trace. One line of a panel is enough. */
  exemplars?: boolean;
  /** Tells a second line of the same colour from the first. */
  dashed?: boolean;
}

/** One number, asked for once at the end of the time range. */
export function stat(
  options: Basics & {
    query: PromQL;
    colour: Colour;
    steps?: Step[];
    mappings?: ValueMapping[];
  },
): PanelDraft {
  return draft(options, () =>
    new StatBuilder()
      .withTarget(instant(options.query, 'A'))
      .unit(options.unit)
      .decimals(options.decimals ?? 0)
      .noValue(options.noValue)
      // `last`, not `lastNotNull`: NaN is an answer too (nothing happened), and has its own text.
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(['last']).values(false).fields(''))
      .textMode(BigValueTextMode.Value)
      .colorMode(BigValueColorMode.Value)
      .graphMode(BigValueGraphMode.None)
      .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
      .thresholds(thresholds(options.colour, options.steps))
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
    /** What the axis shows even if no value comes near it. */
    atLeast?: [from: number, to: number];
    /** The time from point to point at least, where samples are further apart than the operator's. */
    step?: string;
  },
): PanelDraft {
  return draft(options, () => {
    const builder = new TimeseriesBuilder()
      .targets(
        options.series.map(({ query, name, exemplars }, i) => {
          const target = overTime(query, name, refId(i), options.step);
          return exemplars ? target.exemplar(true) : target;
        }),
      )
      .unit(options.unit)
      .noValue(options.noValue)
      .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic))
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
    if (options.atLeast) builder.axisSoftMin(options.atLeast[0]).axisSoftMax(options.atLeast[1]);
    if (options.max !== undefined) builder.max(options.max);
    for (const [ase, colour] of Object.entries(ASE_COLOUR))
      if (options.series.some(({ name }) => /^\{\{(instance|source)\}\}/.test(name)))
        builder.overrideByRegexp(`/^${ase}\\b/`, [fixed(colour)]);
    options.series.forEach(({ colour, dashed }, i) => {
      if (colour) builder.overrideByQuery(refId(i), [fixed(colour)]);
      if (dashed) builder.overrideByQuery(refId(i), [DASHED]);
    });
    for (const [name, colour] of Object.entries(options.colours ?? {}))
      builder.overrideByName(name, [fixed(colour)]);
    return builder;
  });
}

/** How many events fell into each bucket of a histogram, over time. */
export function heatmap(options: Basics & { query: PromQL }): PanelDraft {
  return draft(options, () =>
    new HeatmapBuilder()
      .withTarget(overTime(options.query, '{{le}}', 'A').format(PromQueryFormat.Heatmap))
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

const DASHED = { id: 'custom.lineStyle', value: { fill: 'dash', dash: [6, 6] } };

function fixed(colour: Colour) {
  return { id: 'color', value: { mode: 'fixed', fixedColor: colour } };
}
