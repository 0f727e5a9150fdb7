import {
  buildHistogram,
  type DataFrame,
  FieldColorModeId,
  formattedValueToString,
  type GrafanaTheme2,
  getFieldSeriesColor,
  getValueFormat,
  histogramFieldsToFrame,
  type PanelProps,
} from '@grafana/data';
import {
  AxisPlacement,
  BarAlignment,
  GraphDrawStyle,
  ScaleDirection,
  ScaleOrientation,
  VisibilityMode,
} from '@grafana/schema';
import type { Options } from '@grafana/schema/dist/esm/raw/composable/histogram/panelcfg/x/HistogramPanelCfg_types.gen';
import { defaultOptions } from '@grafana/schema/dist/esm/raw/composable/histogram/panelcfg/x/HistogramPanelCfg_types.gen';
import { PlotLegend, UPlotChart, UPlotConfigBuilder, useTheme2, VizLayout } from '@grafana/ui';
import { useMemo } from 'react';
import type uPlot from 'uplot';
import { definePanel } from './definePanel.ts';
import { PanelMessage } from './PanelMessage.tsx';

function HistogramPanel({ data, options, width, height }: PanelProps<Options>) {
  const theme = useTheme2();
  const frame = useMemo(() => {
    const histogram = buildHistogram(data.series, options, theme);
    return histogram ? histogramFieldsToFrame(histogram, theme) : undefined;
  }, [data.series, options, theme]);
  const config = useMemo(() => frame && buildConfig(frame, theme), [frame, theme]);
  if (!frame || !config) return <PanelMessage>No data</PanelMessage>;
  const legend = options.legend.showLegend ? (
    <PlotLegend data={[{ ...frame, fields: frame.fields.slice(2) }]} config={config} {...options.legend} />
  ) : null;
  return (
    <VizLayout width={width} height={height} legend={legend}>
      {(innerWidth: number, innerHeight: number) => (
        <UPlotChart
          config={config}
          data={config.prepData!([frame]) as uPlot.AlignedData}
          width={innerWidth}
          height={innerHeight}
        />
      )}
    </VizLayout>
  );
}

/** The frame has the lower and upper edge of each bucket, then one column of counts for each series. */
function buildConfig(frame: DataFrame, theme: GrafanaTheme2): UPlotConfigBuilder {
  const [lower, upper, ...counts] = frame.fields;
  const edges = lower!.values as number[];
  const first = edges[0] ?? 0;
  const width = ((upper!.values as number[])[0] ?? 1) - first;
  const builder = new UPlotConfigBuilder();
  builder.addScale({
    scaleKey: 'x',
    isTime: false,
    orientation: ScaleOrientation.Horizontal,
    direction: ScaleDirection.Right,
    range: () => [first, (edges.at(-1) ?? 0) + width],
  });
  builder.addScale({
    scaleKey: 'y',
    isTime: false,
    orientation: ScaleOrientation.Vertical,
    direction: ScaleDirection.Up,
    softMin: 0,
  });
  builder.addAxis({
    scaleKey: 'x',
    placement: AxisPlacement.Bottom,
    theme,
    grid: { show: false },
    formatValue: (value) => formattedValueToString(getValueFormat(lower!.config.unit ?? 'short')(value)),
  });
  builder.addAxis({ scaleKey: 'y', placement: AxisPlacement.Left, theme });
  counts.forEach((field, index) => {
    const color = getFieldSeriesColor(field, theme).color;
    builder.addSeries({
      scaleKey: 'y',
      theme,
      show: true,
      lineWidth: 1,
      lineColor: color,
      fillOpacity: field.config.custom?.fillOpacity ?? 80,
      colorMode: { id: FieldColorModeId.Fixed, name: 'Fixed', getCalculator: () => () => color },
      drawStyle: GraphDrawStyle.Bars,
      barAlignment: BarAlignment.After,
      barWidthFactor: 1,
      showPoints: VisibilityMode.Never,
      dataFrameFieldIndex: { frameIndex: 0, fieldIndex: index },
    });
  });
  builder.setPrepData(([data]) => [edges, ...data!.fields.slice(2).map(({ values }) => values as number[])]);
  return builder;
}

export const plugin = definePanel<Options>({
  component: HistogramPanel,
  hasSeriesColors: true,
  options: {
    ...defaultOptions,
    legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] },
  },
  fields: {
    lineWidth: 1,
    fillOpacity: 80,
    gradientMode: 'none',
    stacking: { mode: 'none', group: 'A' },
    hideFrom: {},
  },
});
