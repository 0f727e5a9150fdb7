import {
  type DataFrame,
  type Field,
  formattedValueToString,
  getValueFormat,
  type PanelProps,
} from '@grafana/data';
import type { Options } from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import { defaultOptions } from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import { UPlotChart, useTheme2 } from '@grafana/ui';
import { useMemo } from 'react';
import type uPlot from 'uplot';
import { CellTooltip } from './cells/CellTooltip.tsx';
import { cellData, useCellChart } from './cells/cellChart.ts';
import { type ColorScheme, colorScheme } from './cells/colorSchemes.ts';
import { toWideFrame } from './cells/wideFrame.ts';
import { definePanel } from './definePanel.ts';

/** The smallest count still gets this much colour, so that it can be told from none. */
const FAINTEST = 0.15;

function HeatmapPanel(props: PanelProps<Options>) {
  const { data, width, height, options, timeRange, timeZone, onChangeTimeRange } = props;
  const theme = useTheme2();
  const frame = useMemo(() => toWideFrame(data.series), [data.series]);
  const buckets = frame?.fields.slice(1) ?? [];
  const rows = buckets.map(({ name }) => bucketLabel(name, options.yAxis?.unit, options.yAxis?.decimals));
  const colors = colorScheme(options.color.scheme, theme.isDark, options.color.reverse);
  const config = useCellChart({
    timeRange,
    timeZone,
    rows,
    labelAt: 'upperEdge',
    draw: (plot) => frame && drawCells(plot, frame, colors, options.color.exponent),
  });
  if (!frame) return null;
  const describe = (at: number, row: number) =>
    [buckets[row]]
      .filter((bucket) => bucket !== undefined)
      .map((bucket) => ({
        label: `${row > 0 ? `${rows[row - 1]} – ` : '≤ '}${rows[row]}`,
        value: formatCount(bucket.values[at] as number | null),
      }));
  return (
    <UPlotChart config={config} data={cellData(config, frame)} width={width} height={height}>
      <CellTooltip config={config} frame={frame} describe={describe} onZoom={onChangeTimeRange} />
    </UPlotChart>
  );
}

function drawCells(plot: uPlot, frame: DataFrame, colors: ColorScheme, exponent: number): void {
  const [time, ...buckets] = frame.fields;
  const times = time!.values as number[];
  const widthMs = time!.config.interval ?? (times[1] ?? times[0]! + 15_000) - times[0]!;
  const max = largest(buckets);
  const gapPx = devicePixelRatio / 2;
  buckets.forEach((bucket, row) => {
    const top = plot.valToPos(row + 1, 'y', true);
    const bottom = plot.valToPos(row, 'y', true);
    times.forEach((end, index) => {
      const count = bucket.values[index] as number | null;
      if (!count || count <= 0) return;
      const left = plot.valToPos(end - widthMs, 'x', true);
      const right = plot.valToPos(end, 'x', true);
      plot.ctx.fillStyle = colors(FAINTEST + (1 - FAINTEST) * (count / max) ** exponent);
      plot.ctx.fillRect(left + gapPx, top + gapPx, right - left - 2 * gapPx, bottom - top - 2 * gapPx);
    });
  });
}

function largest(buckets: Field[]): number {
  let max = 0;
  for (const bucket of buckets) for (const count of bucket.values) if (count > max) max = count;
  return max;
}

/** A bucket's bound in the axis' unit: `0.25` with unit `s` becomes `250 ms`. */
function bucketLabel(bound: string, unit: string | undefined, decimals: number | undefined): string {
  const number = bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound);
  if (number === Number.POSITIVE_INFINITY) return '∞';
  if (Number.isNaN(number) || !unit) return bound;
  return formattedValueToString(getValueFormat(unit)(number, decimals));
}

const formatCount = (count: number | null): string =>
  count === null ? '–' : String(Number(count.toFixed(count < 10 ? 2 : 0)));

export const plugin = definePanel<Options>({
  component: HeatmapPanel,
  options: { ...defaultOptions, yAxis: {} },
  fields: { scaleDistribution: { type: 'linear' }, hideFrom: {} },
});
