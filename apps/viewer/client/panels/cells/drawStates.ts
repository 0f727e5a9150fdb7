/** Draws the bars of a state timeline: equal neighbours are one bar, with the state's text if it fits. */
import { type Field, formattedValueToString, type GrafanaTheme2, getFieldSeriesColor } from '@grafana/data';
import type uPlot from 'uplot';

interface StateOptions {
  mergeValues?: boolean;
  rowHeight: number;
  showValue: string;
}

interface Bar {
  value: unknown;
  text: string;
  fromMs: number;
  toMs: number;
}

const TEXT_PX = 12;
const TEXT_PADDING_PX = 4;

/** `states` from the bottom row up. */
export function drawStates(
  plot: uPlot,
  time: Field,
  states: Field[],
  options: StateOptions,
  theme: GrafanaTheme2,
): void {
  const { ctx } = plot;
  const ratio = devicePixelRatio;
  ctx.font = `${TEXT_PX * ratio}px ${theme.typography.fontFamily}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  states.forEach((field, row) => {
    const top = plot.valToPos(row + 0.5 + options.rowHeight / 2, 'y', true);
    const bottom = plot.valToPos(row + 0.5 - options.rowHeight / 2, 'y', true);
    for (const bar of barsOf(time, field, options.mergeValues !== false)) {
      const left = plot.valToPos(bar.fromMs, 'x', true);
      const width = plot.valToPos(bar.toMs, 'x', true) - left;
      const color = stateColor(field, bar.value, theme);
      ctx.globalAlpha = (field.config.custom?.fillOpacity ?? 70) / 100;
      ctx.fillStyle = color;
      ctx.fillRect(left, top, width, bottom - top);
      ctx.globalAlpha = 1;
      const textWidth = ctx.measureText(bar.text).width + 2 * TEXT_PADDING_PX * ratio;
      if (options.showValue === 'never' || width < textWidth) continue;
      ctx.fillStyle = theme.colors.getContrastText(color, 4);
      ctx.fillText(bar.text, Math.max(left, plot.bbox.left) + TEXT_PADDING_PX * ratio, (top + bottom) / 2);
    }
  });
}

/** The colour of a state: its value mapping's or threshold's, else the series' own. */
export function stateColor(field: Field, value: unknown, theme: GrafanaTheme2): string {
  const name = field.display!(value).color ?? getFieldSeriesColor(field, theme).color ?? 'gray';
  return theme.visualization.getColorByName(name);
}

function barsOf(time: Field, field: Field, merge: boolean): Bar[] {
  const times = time.values as number[];
  const lastMs = time.config.interval ?? (times.length > 1 ? times[1]! - times[0]! : 15_000);
  const bars: Bar[] = [];
  times.forEach((fromMs, index) => {
    const value = field.values[index] as unknown;
    if (value === null || value === undefined) return;
    const text = formattedValueToString(field.display!(value));
    const toMs = times[index + 1] ?? fromMs + lastMs;
    const previous = bars.at(-1);
    if (merge && previous?.toMs === fromMs && previous.text === text) previous.toMs = toMs;
    else bars.push({ value, text, fromMs, toMs });
  });
  return bars;
}
