import {
  cacheFieldDisplayNames,
  type DataFrame,
  type Field,
  formattedValueToString,
  type PanelProps,
} from '@grafana/data';
import type { Options } from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import { measureText } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import { useMemo } from 'react';
import { definePanel } from './definePanel.ts';
import { hasAnything } from './withDataState.tsx';

function TablePanel(props: PanelProps<Options>) {
  const { data, options, fieldConfig, width, height, timeRange, onOptionsChange, transparent } = props;
  // The table looks names up in this cache, which Grafana's core fills.
  cacheFieldDisplayNames(data.series);
  const chosen = data.series[options.frameIndex ?? 0] ?? data.series[0];
  const isNarrow = width < NARROW_PX;
  const frame = useMemo(() => chosen && (isNarrow ? withoutWidths(chosen) : chosen), [chosen, isNarrow]);
  if (!frame) return null;
  return (
    <TableNG
      data={frame}
      width={width}
      height={height}
      timeRange={timeRange}
      fieldConfig={fieldConfig}
      noHeader={!options.showHeader}
      showTypeIcons={options.showTypeIcons ?? false}
      resizable
      structureRev={data.structureRev}
      sortBy={options.sortBy}
      onSortByChange={(sortBy) => onOptionsChange({ ...options, sortBy })}
      cellHeight={options.cellHeight}
      contentAwareWidthsEnabled={isNarrow}
      enablePagination={options.enablePagination ?? false}
      transparent={transparent}
    />
  );
}

/** On a phone columns are as wide as what is in them, so that as many as possible are seen; the rest is swiped to. */
const NARROW_PX = 480;

function withoutWidths(frame: DataFrame): DataFrame {
  const fields = frame.fields.map((field) => {
    const { width: _fixed, ...custom } = field.config.custom ?? {};
    return { ...field, config: { ...field.config, custom: { ...custom, minWidth: contentWidth(field) } } };
  });
  return { ...frame, fields };
}

/**
 * Of the longest cell, in pixels. The table itself guesses by the average letter, and digits are wider: a long number
 * would lose its first ones.
 */
function contentWidth({ display, values }: Field): number {
  const texts = values.slice(0, MEASURED_ROWS).map((value) => {
    return display ? formattedValueToString(display(value)) : String(value);
  });
  const widths = texts.map((text) => measureText(text, CELL_FONT_PX).width + text.length * LETTER_SPACING_PX);
  return Math.ceil(Math.max(0, ...widths)) + CELL_PADDING_PX;
}

const MEASURED_ROWS = 100;
const CELL_FONT_PX = 14;
const LETTER_SPACING_PX = 0.15;
const CELL_PADDING_PX = 14;

export const plugin = definePanel<Options>({
  component: TablePanel,
  hasData: hasAnything,
  isFullBleed: true,
  options: { frameIndex: 0, showHeader: true, showTypeIcons: false, cellHeight: 'sm', sortBy: undefined },
  fields: {
    minWidth: undefined,
    width: undefined,
    align: 'auto',
    cellOptions: { type: 'auto' },
    inspect: false,
    filterable: undefined,
    hideFrom: undefined,
    wrapHeaderText: undefined,
    wrapText: undefined,
    tooltip: undefined,
    footer: { reducers: [] },
  },
});
