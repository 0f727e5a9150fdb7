/** Annotations on a plot: which there are, where they stand, and their lines. */
import type { AnnotationEvent, DataFrame } from '@grafana/data';
import type uPlot from 'uplot';

/** One mark for all events that stand closer together than it is wide. */
export interface Mark {
  events: AnnotationEvent[];
  leftPx: number;
  topPx: number;
}

const MARK_PX = 10;

/** While a panel loads, scenes hand over the same events twice. */
export function uniqueEvents(frames: DataFrame[]): AnnotationEvent[] {
  const events = frames.flatMap(eventsOf);
  const key = ({ time, timeEnd, title, text, tags }: AnnotationEvent) =>
    [time, timeEnd, title, text, tags].join('|');
  return [...new Map(events.map((event) => [key(event), event])).values()].sort(
    (a, b) => (a.time ?? 0) - (b.time ?? 0),
  );
}

export function marksOf(u: uPlot, events: AnnotationEvent[]): Mark[] {
  const ratio = devicePixelRatio;
  const { left, top, width, height } = u.bbox;
  const marks: Mark[] = [];
  for (const event of events) {
    const leftPx = left / ratio + u.valToPos(event.time ?? 0, 'x');
    if (leftPx < left / ratio || leftPx > (left + width) / ratio) continue;
    const previous = marks.at(-1);
    if (previous && leftPx - previous.leftPx < MARK_PX) previous.events.push(event);
    else marks.push({ events: [event], leftPx, topPx: (top + height) / ratio });
  }
  return marks;
}

export const sameMarks = (a: Mark[], b: Mark[]): boolean =>
  a.length === b.length &&
  a.every(({ leftPx, topPx, events }, index) => {
    const other = b[index]!;
    return leftPx === other.leftPx && topPx === other.topPx && events.length === other.events.length;
  });

/** A dashed line at each event; a region is tinted from its start to its end. */
export function drawEvents(u: uPlot, events: AnnotationEvent[]): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const { color = 'red', time = 0, timeEnd = time } of events) {
    const from = Math.round(u.valToPos(time, 'x', true));
    const to = Math.round(u.valToPos(timeEnd, 'x', true));
    ctx.globalAlpha = 0.1;
    ctx.fillStyle = color;
    ctx.fillRect(from, bbox.top, to - from, bbox.height);
    ctx.globalAlpha = 1;
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

function eventsOf(frame: DataFrame): AnnotationEvent[] {
  return Array.from({ length: frame.length }, (_, row) =>
    Object.fromEntries(frame.fields.map((field) => [field.name, field.values[row]])),
  );
}
