import { css } from '@emotion/css';
import { type AnnotationEvent, type DataFrame, dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { Tooltip, type UPlotConfigBuilder, useStyles2 } from '@grafana/ui';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import type uPlot from 'uplot';
import { drawEvents, type Mark, marksOf, sameMarks, uniqueEvents } from './annotationEvents.ts';

interface AnnotationMarksProps {
  config: UPlotConfigBuilder;
  frames: DataFrame[];
  timeZone: string;
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
    config.addHook('init', (u: uPlot) => {
      plot.current = u;
    });
    config.addHook('draw', (u: uPlot) => {
      drawEvents(u, latest.current);
      const next = marksOf(u, latest.current);
      setMarks((now) => (sameMarks(now, next) ? now : next));
    });
  }, [config]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: new events are the reason to draw
  useLayoutEffect(() => plot.current?.redraw(false, false), [events]);

  return marks.map(({ events, leftPx, topPx }) => (
    <Tooltip key={leftPx} content={<Explanation events={events} timeZone={timeZone} />}>
      <button
        type="button"
        className={styles.mark}
        style={{ left: leftPx, top: topPx, borderBottomColor: events[0]!.color }}
        aria-label={`Annotations: ${events.map((event) => nameOf(event, timeZone)).join('; ')}`}
        data-testid="data-testid annotation-marker"
      />
    </Tooltip>
  ));
}

function Explanation({ events, timeZone }: { events: AnnotationEvent[]; timeZone: string }) {
  const styles = useStyles2(getStyles);
  return events.map((event) => (
    <div key={`${event.time} ${event.text} ${event.tags}`} className={styles.event}>
      <strong>{event.title}</strong>
      <div>{timeOf(event, timeZone)}</div>
      {event.text && <div>{event.text}</div>}
      {event.tags && event.tags.length > 0 && <div>{event.tags.join(', ')}</div>}
    </div>
  ));
}

const nameOf = (event: AnnotationEvent, timeZone: string): string =>
  [event.title, event.text, timeOf(event, timeZone)].filter(Boolean).join(', ');

function timeOf({ time = 0, timeEnd }: AnnotationEvent, timeZone: string): string {
  const from = dateTimeFormat(time, { timeZone });
  return timeEnd ? `${from} – ${dateTimeFormat(timeEnd, { timeZone })}` : from;
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
  event: css({ '& + &': { marginTop: theme.spacing(1) } }),
});
