import { DashboardCursorSync, type DataFrame, type Field, FieldType, type PanelProps } from '@grafana/data';
import { SortOrder, TooltipDisplayMode } from '@grafana/schema';
import type { Options } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import {
  EventBusPlugin,
  getFieldDisplayItems,
  KeyboardPlugin,
  TimeSeries,
  TooltipPlugin2,
  type UPlotConfigBuilder,
  usePanelContext,
  VizTooltipContent,
  VizTooltipHeader,
  VizTooltipWrapper,
} from '@grafana/ui';
import type { ComponentProps } from 'react';
import { isExemplars } from '../prometheus/exemplars.ts';
import { AnnotationMarks } from './AnnotationMarks.tsx';
import { definePanel } from './definePanel.ts';
import { ExemplarMarks } from './ExemplarMarks.tsx';
import { GRAPH_FIELD_DEFAULTS } from './graphFieldDefaults.ts';
import { TIME_AXIS_PADDING } from './graphPadding.ts';
import { HoverMode } from './hoverMode.ts';

function TimeSeriesPanel(props: PanelProps<Options>) {
  const { data, options, width, height, timeRange, timeZone } = props;
  const { sync, eventBus } = usePanelContext();
  const cursorSync = sync?.() ?? DashboardCursorSync.Off;
  return (
    <TimeSeries
      frames={data.series.filter(isGraphable)}
      structureRev={data.structureRev ?? 0}
      timeRange={timeRange}
      timeZone={[timeZone]}
      width={width}
      height={height}
      legend={options.legend}
      options={options}
      renderers={PLOT_PADDING}
    >
      {(config, aligned) => (
        <>
          <KeyboardPlugin config={config} />
          {cursorSync !== DashboardCursorSync.Off && (
            <EventBusPlugin config={config} eventBus={eventBus} frame={aligned} />
          )}
          <ExemplarMarks config={config} frames={data.series.filter(isExemplars)} timeZone={timeZone} />
          <AnnotationMarks config={config} frames={data.annotations ?? []} timeZone={timeZone} />
          {options.tooltip.mode !== TooltipDisplayMode.None && (
            <Tooltip {...props} config={config} aligned={aligned} cursorSync={cursorSync} />
          )}
        </>
      )}
    </TimeSeries>
  );
}

/** Room for the last label of the time axis, which stands at the very end of it. */
const PLOT_PADDING: ComponentProps<typeof TimeSeries>['renderers'] = [
  { fieldMap: {}, indicesOnly: [], init: (config) => config.setPadding(TIME_AXIS_PADDING) },
];

interface TooltipProps extends PanelProps<Options> {
  config: UPlotConfigBuilder;
  aligned: DataFrame;
  cursorSync: DashboardCursorSync;
}

function Tooltip({ options, onChangeTimeRange, config, aligned, cursorSync }: TooltipProps) {
  const { eventsScope } = usePanelContext();
  const { mode, sort = SortOrder.None, maxWidth, maxHeight } = options.tooltip;
  const time = aligned.fields[0] as Field<number>;
  return (
    <TooltipPlugin2
      config={config}
      hoverMode={mode === TooltipDisplayMode.Multi ? HoverMode.allAtX : HoverMode.nearestAtX}
      syncMode={cursorSync}
      syncScope={eventsScope}
      queryZoom={({ from, to }) => onChangeTimeRange({ from, to })}
      maxWidth={maxWidth}
      render={(_plot, indexes, seriesIndex, isPinned) => {
        const at = indexes.find((index) => index !== null);
        const items = getFieldDisplayItems(aligned.fields, time, indexes, seriesIndex, mode, sort, isShown);
        return (
          <VizTooltipWrapper>
            <VizTooltipHeader
              item={{ label: '', value: at === undefined ? '' : time.display!(time.values[at!]).text }}
              isPinned={isPinned}
            />
            <VizTooltipContent
              items={items}
              isPinned={isPinned}
              scrollable={maxHeight !== undefined}
              maxHeight={maxHeight}
            />
          </VizTooltipWrapper>
        );
      }}
    />
  );
}

const isShown = (field: Field): boolean => !field.config.custom?.hideFrom?.tooltip;

const isGraphable = (frame: DataFrame): boolean =>
  !isExemplars(frame) &&
  frame.fields.some(({ type }) => type === FieldType.time) &&
  frame.fields.some(({ type }) => type === FieldType.number);

const hasGraph = (series: DataFrame[]): boolean =>
  series.some((frame) => frame.length > 0 && isGraphable(frame));

export const plugin = definePanel<Options>({
  component: TimeSeriesPanel,
  hasData: hasGraph,
  hasSeriesColors: true,
  hasAnnotations: true,
  options: {
    legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] },
    tooltip: { mode: 'single', sort: 'none' },
  },
  fields: GRAPH_FIELD_DEFAULTS,
});
