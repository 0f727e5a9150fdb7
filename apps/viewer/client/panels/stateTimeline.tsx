import { type DataFrame, type Field, formattedValueToString, type PanelProps } from '@grafana/data';
import { LegendDisplayMode } from '@grafana/schema';
import type { Options } from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import { defaultOptions } from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import { UPlotChart, useTheme2, VizLayout, VizLegend } from '@grafana/ui';
import { useMemo } from 'react';
import { CellTooltip } from './cells/CellTooltip.tsx';
import { cellData, useCellChart } from './cells/cellChart.ts';
import { drawStates, stateColor } from './cells/drawStates.ts';
import { toWideFrame } from './cells/wideFrame.ts';
import { definePanel } from './definePanel.ts';
import { hasAnything } from './withDataState.tsx';

function StateTimelinePanel(props: PanelProps<Options>) {
  const { data, width, height, options, timeRange, timeZone, onChangeTimeRange } = props;
  const theme = useTheme2();
  const frame = useMemo(() => toWideFrame(data.series), [data.series]);
  // The first series is at the top, rows count from the bottom.
  const states = useMemo(() => (frame?.fields.slice(1) ?? []).reverse(), [frame]);
  const rows = states.map((field) => field.state?.displayName ?? field.name);
  const config = useCellChart({
    timeRange,
    timeZone,
    rows,
    labelAt: 'middle',
    draw: (plot) => frame && drawStates(plot, frame.fields[0]!, states, options, theme),
  });
  if (!frame) return null;
  const describe = (at: number) =>
    [...states].reverse().map((field, index) => ({
      label: rows[rows.length - 1 - index]!,
      value: formattedValueToString(field.display!(field.values[at])),
      color: stateColor(field, field.values[at], theme),
    }));
  return (
    <VizLayout
      width={width}
      height={height}
      legend={legend(options, states, (field, value) => stateColor(field, value, theme))}
    >
      {(innerWidth: number, innerHeight: number) => (
        <UPlotChart config={config} data={cellData(config, frame)} width={innerWidth} height={innerHeight}>
          <CellTooltip config={config} frame={frame} describe={describe} onZoom={onChangeTimeRange} />
        </UPlotChart>
      )}
    </VizLayout>
  );
}

function legend({ legend }: Options, states: Field[], color: (field: Field, value: unknown) => string) {
  if (legend.showLegend === false) return null;
  const colors = new Map<string, string>();
  for (const field of states) {
    for (const value of field.values) {
      if (value !== null) colors.set(formattedValueToString(field.display!(value)), color(field, value));
    }
  }
  return (
    <VizLayout.Legend placement={legend.placement}>
      <VizLegend
        displayMode={LegendDisplayMode.List}
        placement={legend.placement}
        items={[...colors].map(([label, color]) => ({ label, color, yAxis: 1 }))}
      />
    </VizLayout.Legend>
  );
}

const hasStates = (series: DataFrame[]): boolean => hasAnything(series) && toWideFrame(series) !== undefined;

export const plugin = definePanel<Options>({
  component: StateTimelinePanel,
  hasData: hasStates,
  options: {
    ...defaultOptions,
    legend: { showLegend: true, displayMode: 'list', placement: 'bottom' },
  },
  fields: { fillOpacity: 70, lineWidth: 0, spanNulls: false, hideFrom: {} },
});
