import { css } from '@emotion/css';
import { type DataFrame, dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { Tooltip, type UPlotConfigBuilder, useStyles2 } from '@grafana/ui';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Link } from 'react-router-dom';
import type uPlot from 'uplot';
import { type Exemplar, highestApart } from '../prometheus/exemplar.ts';
import { exemplarsOf } from '../prometheus/exemplars.ts';
import { durationText } from '../traces/spanRows.ts';

interface ExemplarMarksProps {
  config: UPlotConfigBuilder;
  frames: DataFrame[];
  timeZone: string;
}

interface Mark {
  exemplar: Exemplar;
  leftPx: number;
  topPx: number;
}

const APART_PX = 14;

/** A point for single measurements, where they lie in time and height; each is a link to its trace. */
export function ExemplarMarks({ config, frames, timeZone }: ExemplarMarksProps) {
  const styles = useStyles2(getStyles);
  const exemplars = useMemo(() => exemplarsOf(frames), [frames]);
  const [marks, setMarks] = useState<Mark[]>([]);
  const latest = useRef(exemplars);
  const plot = useRef<uPlot | null>(null);
  latest.current = exemplars;

  useLayoutEffect(() => {
    config.addHook('init', (u: uPlot) => {
      plot.current = u;
    });
    config.addHook('draw', (u: uPlot) => {
      const next = marksOf(u, latest.current);
      setMarks((now) => (isSame(now, next) ? now : next));
    });
  }, [config]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: new exemplars are the reason to draw
  useLayoutEffect(() => plot.current?.redraw(false, false), [exemplars]);

  return marks.map(({ exemplar, leftPx, topPx }) => (
    <Tooltip
      key={`${exemplar.traceId} ${exemplar.timeMs}`}
      content={
        <>
          <strong>{durationText(exemplar.value * 1000)}</strong>, {exemplar.labels.instance}
          <div>{dateTimeFormat(exemplar.timeMs, { timeZone })}</div>
          <div>A click leads to its trace.</div>
        </>
      }
    >
      <Link
        to={`/trace/${exemplar.traceId}`}
        className={styles.mark}
        style={{ left: leftPx, top: topPx }}
        aria-label={`Trace of ${durationText(exemplar.value * 1000)} at ${exemplar.labels.instance}`}
        data-testid="data-testid exemplar"
      />
    </Tooltip>
  ));
}

/** What is above the axis stands at its upper end: the slowest must not be hidden. */
function marksOf(u: uPlot, exemplars: readonly Exemplar[]): Mark[] {
  const { min, max } = u.scales.x ?? {};
  const scale = Object.keys(u.scales).find((name) => name !== 'x');
  if (min == null || max == null || scale === undefined || u.bbox.width === 0) return [];
  const ratio = devicePixelRatio;
  const [left, top] = [u.bbox.left / ratio, u.bbox.top / ratio];
  const apartMs = ((max - min) * APART_PX) / (u.bbox.width / ratio);
  return highestApart(
    exemplars.filter(({ timeMs }) => timeMs >= min && timeMs <= max),
    apartMs,
  ).map((exemplar) => ({
    exemplar,
    leftPx: Math.round(left + u.valToPos(exemplar.timeMs, 'x')),
    topPx: Math.round(top + Math.max(u.valToPos(exemplar.value, scale), 0)),
  }));
}

const isSame = (a: readonly Mark[], b: readonly Mark[]): boolean =>
  a.length === b.length &&
  a.every(
    ({ exemplar, leftPx, topPx }, i) =>
      exemplar.traceId === b[i]!.exemplar.traceId && leftPx === b[i]!.leftPx && topPx === b[i]!.topPx,
  );

const getStyles = (theme: GrafanaTheme2) => ({
  mark: css({
    position: 'absolute',
    width: 8,
    height: 8,
    transform: 'translate(-50%, -50%) rotate(45deg)',
    background: theme.colors.background.primary,
    border: `2px solid ${theme.colors.text.secondary}`,
    zIndex: 1,
    '&:hover': { borderColor: theme.colors.text.primary, background: theme.colors.text.primary },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 2 },
  }),
});
