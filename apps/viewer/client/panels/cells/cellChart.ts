/**
 * A chart of cells on a time axis (heatmap, state timeline): axes and scales are @grafana/ui's, the cells are
 * drawn by a hook. Row 0 is at the bottom, each row one unit high.
 */
import { type DataFrame, FieldColorModeId, type GrafanaTheme2, type TimeRange } from '@grafana/data';
import {
  AxisPlacement,
  ScaleDirection,
  ScaleDistribution,
  ScaleOrientation,
  VisibilityMode,
} from '@grafana/schema';
import { UPlotConfigBuilder, useTheme2 } from '@grafana/ui';
import { useMemo, useRef } from 'react';
import type uPlot from 'uplot';
import { TIME_AXIS_PADDING } from '../graphPadding.ts';

const LABEL_PX = 14;

export interface CellChart {
  timeRange: TimeRange;
  timeZone: string;
  /** Names of the rows, from the bottom. */
  rows: string[];
  /** Where rows have their name: in their middle, or at their upper edge (a bucket's bound). */
  labelAt: 'middle' | 'upperEdge';
  draw: (plot: uPlot) => void;
}

/** Keeps one configuration while only data and time range change, so that the plot is not built anew. */
export function useCellChart(chart: CellChart): UPlotConfigBuilder {
  const theme = useTheme2();
  const latest = useRef(chart);
  latest.current = chart;
  const { timeZone, rows, labelAt } = chart;
  const rowNames = rows.join('\n');
  return useMemo(
    () => buildConfig(theme, timeZone, rowNames === '' ? [] : rowNames.split('\n'), labelAt, latest),
    [theme, timeZone, rowNames, labelAt],
  );
}

/** The columns that uPlot wants: time, and one series a row at the height of that row's middle. */
export const cellData = (config: UPlotConfigBuilder, frame: DataFrame): uPlot.AlignedData =>
  config.prepData!([frame]) as uPlot.AlignedData;

function buildConfig(
  theme: GrafanaTheme2,
  timeZone: string,
  rows: string[],
  labelAt: CellChart['labelAt'],
  latest: { current: CellChart },
): UPlotConfigBuilder {
  const builder = new UPlotConfigBuilder(timeZone);
  builder.setPadding(TIME_AXIS_PADDING);
  addAxes(builder, theme, timeZone, rows, labelAt, latest);
  for (const _ of rows) {
    builder.addSeries({
      scaleKey: 'y',
      theme,
      show: true,
      pxAlign: true,
      colorMode: { id: FieldColorModeId.Fixed, name: 'Fixed', getCalculator: () => () => 'transparent' },
      lineColor: 'transparent',
      lineWidth: 0,
      showPoints: VisibilityMode.Never,
    });
  }
  builder.addHook('draw', (plot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    latest.current.draw(plot);
    ctx.restore();
  });
  builder.setPrepData(([frame]) => {
    const times = frame!.fields[0]!.values as number[];
    return [times, ...rows.map((_, row) => times.map(() => row + 0.5))];
  });
  return builder;
}

function addAxes(
  builder: UPlotConfigBuilder,
  theme: GrafanaTheme2,
  timeZone: string,
  rows: string[],
  labelAt: CellChart['labelAt'],
  latest: { current: CellChart },
): void {
  const offset = labelAt === 'middle' ? 0.5 : 1;
  builder.addScale({
    scaleKey: 'x',
    isTime: true,
    orientation: ScaleOrientation.Horizontal,
    direction: ScaleDirection.Right,
    range: () => [latest.current.timeRange.from.valueOf(), latest.current.timeRange.to.valueOf()],
  });
  builder.addAxis({ scaleKey: 'x', isTime: true, placement: AxisPlacement.Bottom, timeZone, theme });
  builder.addScale({
    scaleKey: 'y',
    isTime: false,
    orientation: ScaleOrientation.Vertical,
    direction: ScaleDirection.Up,
    distribution: ScaleDistribution.Linear,
    range: () => [0, rows.length],
  });
  builder.addAxis({
    scaleKey: 'y',
    placement: AxisPlacement.Left,
    theme,
    grid: { show: false },
    splits: rows.map((_, row) => row + offset),
    filter: (_plot, splits) => splits,
    values: (plot) => legible(rows, plot),
  });
}

/** As many names as fit below each other, the topmost first: it bounds all others. */
function legible(rows: string[], plot: uPlot): string[] {
  const rowPx = plot.bbox.height / devicePixelRatio / Math.max(1, rows.length);
  const every = Math.max(1, Math.ceil(LABEL_PX / rowPx));
  return rows.map((name, row) => ((rows.length - 1 - row) % every === 0 ? name : ''));
}
