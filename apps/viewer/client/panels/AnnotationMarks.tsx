import { css } from '@emotion/css';
import { type AnnotationEvent, type DataFrame, dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { Tooltip, type UPlotConfigBuilder, useStyles2 } from '@grafana/ui';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import type uPlot from 'uplot';

interface AnnotationMarksProps {
  config: UPlotConfigBuilder;
  frames: DataFrame[];
  timeZone: string;
}

interface Mark {
  event: AnnotationEvent;
  leftPx: number;
  topPx: number;
}

/** Dashed lines (and tinted regions) at annotations, with a mark below the axis that explains each. */
export function AnnotationMarks({ config, frames, timeZone }: AnnotationMarksProps) {
  const styles = useStyles2(getStyles);
  const events = useMemo(() => uniqueEvents(frames), [frames]);
  const [marks, setMarks] = useState<Mark[]>([]);
  const latest = useRef(events);
  const plot = useRef<uPlot | null>(null);
  latest.current = events;

  useLayoutEffect(() => {
    const place = (u: uPlot) => {
      const next = marksOf(u, latest.current);
      setMarks((now) => (samePlaces(now, next) ? now : next));
    };
    config.addHook('init', (u: uPlot) => {
      plot.current = u;
    });
    config.addHook('draw', (u: uPlot) => {
      drawLines(u, latest.current);
      place(u);
    });
  }, [config]);

  useLayoutEffect(() => {
    if (events.length > 0 || marks.length > 0) plot.current?.redraw(false, false);
  }, [events, marks.length]);

  return marks.map(({ event, leftPx, topPx }) => (
    <Tooltip key={keyOf(event)} content={<Explanation event={event} timeZone={timeZone} />}>
      <button
        type="button"
        className={styles.mark}
        style={{ left: leftPx, top: topPx, borderBottomColor: event.color }}
        aria-label={`${event.title ?? 'Annotation'} at ${dateTimeFormat(event.time ?? 0, { timeZone })}`}
        data-testid="data-testid annotation-marker"
      />
    </Tooltip>
  ));
}

function Explanation({ event, timeZone }: { event: AnnotationEvent; timeZone: string }) {
  const end = event.timeEnd ? ` – ${dateTimeFormat(event.timeEnd, { timeZone })}` : '';
  return (
    <div>
      <strong>{event.title}</strong>
      <div>{`${dateTimeFormat(event.time ?? 0, { timeZone })}${end}`}</div>
      {event.text && <div>{event.text}</div>}
      {event.tags && event.tags.length > 0 && <div>{event.tags.join(', ')}</div>}
    </div>
  );
}

/** While a panel loads, scenes hand over the same events twice. */
function uniqueEvents(frames: DataFrame[]): AnnotationEvent[] {
  const events = frames.flatMap(eventsOf);
  return [...new Map(events.map((event) => [keyOf(event), event])).values()];
}

const keyOf = ({ time, timeEnd, title, text }: AnnotationEvent): string =>
  [time, timeEnd, title, text].join('|');

function eventsOf(frame: DataFrame): AnnotationEvent[] {
  return Array.from({ length: frame.length }, (_, row) =>
    Object.fromEntries(frame.fields.map((field) => [field.name, field.values[row]])),
  );
}

function marksOf(u: uPlot, events: AnnotationEvent[]): Mark[] {
  const ratio = devicePixelRatio;
  const { left, top, width, height } = u.bbox;
  return events
    .map((event) => ({
      event,
      leftPx: left / ratio + u.valToPos(event.time ?? 0, 'x'),
      topPx: (top + height) / ratio,
    }))
    .filter(({ leftPx }) => leftPx >= left / ratio && leftPx <= (left + width) / ratio);
}

const samePlaces = (a: Mark[], b: Mark[]): boolean =>
  a.length === b.length &&
  a.every(({ leftPx, topPx, event }, index) => {
    const other = b[index]!;
    return leftPx === other.leftPx && topPx === other.topPx && event === other.event;
  });

function drawLines(u: uPlot, events: AnnotationEvent[]): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const event of events) {
    const color = event.color ?? 'red';
    const from = Math.round(u.valToPos(event.time ?? 0, 'x', true));
    if (event.timeEnd && event.timeEnd !== event.time) {
      const to = Math.round(u.valToPos(event.timeEnd, 'x', true));
      ctx.globalAlpha = 0.1;
      ctx.fillStyle = color;
      ctx.fillRect(from, bbox.top, to - from, bbox.height);
      ctx.globalAlpha = 1;
    }
    ctx.beginPath();
    ctx.strokeStyle = color;
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.moveTo(from, bbox.top);
    ctx.lineTo(from, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

const getStyles = (theme: GrafanaTheme2) => ({
  mark: css({
    position: 'absolute',
    width: 0,
    height: 0,
    padding: 0,
    background: 'none',
    transform: 'translateX(-5px)',
    border: '5px solid transparent',
    borderTopWidth: 0,
    borderBottomWidth: 8,
    cursor: 'help',
    zIndex: 1,
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 3 },
  }),
});
