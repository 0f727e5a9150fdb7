import { type DataFrame, formattedValueToString } from '@grafana/data';
import {
  TooltipPlugin2,
  type UPlotConfigBuilder,
  VizTooltipContent,
  VizTooltipHeader,
  type VizTooltipItem,
  VizTooltipWrapper,
} from '@grafana/ui';
import { HoverMode } from '../hoverMode.ts';

interface CellTooltipProps {
  config: UPlotConfigBuilder;
  frame: DataFrame;
  /** What to tell about a cell: index of the time, and the row (0 is at the bottom). */
  describe: (timeIndex: number, row: number) => VizTooltipItem[];
  onZoom: (range: { from: number; to: number }) => void;
}

/** Tooltip of a chart of cells: the time, and what the panel tells about the cell under the pointer. */
export function CellTooltip({ config, frame, describe, onZoom }: CellTooltipProps) {
  const time = frame.fields[0]!;
  return (
    <TooltipPlugin2
      config={config}
      hoverMode={HoverMode.allAtX}
      queryZoom={({ from, to }) => onZoom({ from, to })}
      render={(plot, indexes, _series, isPinned) => {
        const at = indexes.find((index) => index !== null);
        if (at === undefined || at === null) return null;
        const row = Math.floor(plot.posToVal(plot.cursor.top ?? 0, 'y'));
        return (
          <VizTooltipWrapper>
            <VizTooltipHeader
              item={{ label: '', value: formattedValueToString(time.display!(time.values[at])) }}
              isPinned={isPinned}
            />
            <VizTooltipContent items={describe(at, row)} isPinned={isPinned} />
          </VizTooltipWrapper>
        );
      }}
    />
  );
}
