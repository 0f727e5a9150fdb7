import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import { useId, useState } from 'react';
import { useAseColour } from './AseName.tsx';
import type { Trace } from './jaegerApi.ts';
import { durationText, MAX_ROWS, type SpanRow, spanRows } from './spanRows.ts';

/** All spans of a trace, each below its parent, with a bar where it lies in time; a click shows what it says. */
export function Waterfall({ trace }: { trace: Trace }) {
  const styles = useStyles2(getStyles);
  const rows = spanRows(trace);
  return (
    <>
      <ol className={styles.rows} aria-label="Spans" data-testid="data-testid waterfall">
        {rows.map((row) => (
          <Row key={row.span.id} row={row} />
        ))}
      </ol>
      {trace.spans.length > rows.length && (
        <p className={styles.more}>
          The first {MAX_ROWS} of {trace.spans.length} spans.
        </p>
      )}
    </>
  );
}

function Row({ row: { span, depth, left, width, offsetMs } }: { row: SpanRow }) {
  const styles = useStyles2(getStyles);
  const colourOf = useAseColour();
  const [isOpen, setOpen] = useState(false);
  const detailsId = useId();
  const facts = Object.entries({
    ASE: span.ase,
    'began after': durationText(offsetMs),
    took: durationText(span.durationMs),
    ...span.attributes,
  });
  return (
    <li className={styles.item}>
      <button
        type="button"
        className={styles.row}
        aria-expanded={isOpen}
        aria-controls={detailsId}
        onClick={() => setOpen(!isOpen)}
      >
        <span className={styles.name} style={{ paddingLeft: `calc(${depth} * ${INDENT})` }}>
          <span aria-hidden className={styles.edge} style={{ background: colourOf(span.ase) }} />
          <span className={styles.text}>{span.name}</span>
          <span className={styles.hidden}> at {span.ase}, </span>
          {span.error !== undefined && (
            <Icon
              name="exclamation-circle"
              size="sm"
              className={styles.failed}
              title={`failed: ${span.error}`}
            />
          )}
        </span>
        <span className={styles.track}>
          <span
            className={cx(styles.bar, span.error !== undefined && styles.failedBar)}
            style={{
              left: `${left * 100}%`,
              width: `max(2px, ${width * 100}%)`,
              backgroundColor: colourOf(span.ase),
            }}
          />
        </span>
        <span className={styles.duration}>{durationText(span.durationMs)}</span>
      </button>
      <dl id={detailsId} className={styles.details} hidden={!isOpen}>
        {facts.map(([key, value]) => (
          <div key={key} className={styles.fact}>
            <dt className={styles.key}>{key}</dt>
            <dd className={styles.value}>{value}</dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

/** Less on a narrow screen, where names need the room. */
const INDENT = 'min(12px, 1.6vw)';

const getStyles = (theme: GrafanaTheme2) => ({
  rows: css({ listStyle: 'none', borderTop: `1px solid ${theme.colors.border.weak}` }),
  item: css({ borderBottom: `1px solid ${theme.colors.border.weak}` }),
  row: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 260px) minmax(0, 1fr) 72px',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    width: '100%',
    minHeight: 28,
    padding: theme.spacing(0.25, 1),
    border: 0,
    background: 'none',
    color: theme.colors.text.primary,
    textAlign: 'left',
    '&:hover': { background: theme.colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 },
    [theme.breakpoints.down('sm')]: {
      gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 0.8fr) 60px',
      gap: theme.spacing(1),
      padding: theme.spacing(0.25, 0.5),
    },
  }),
  name: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(0.75), minWidth: 0 }),
  edge: css({ width: 4, height: 16, borderRadius: 2, flexShrink: 0 }),
  text: css({ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
  hidden: css({ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }),
  failed: css({ color: theme.colors.error.text, flexShrink: 0 }),
  track: css({
    position: 'relative',
    height: 14,
    // Quarters of the whole time.
    backgroundImage: `linear-gradient(to right, ${theme.colors.border.weak} 1px, transparent 1px)`,
    backgroundSize: '25% 100%',
  }),
  bar: css({ position: 'absolute', top: 2, bottom: 2, borderRadius: 2, maxWidth: '100%' }),
  failedBar: css({ boxShadow: `0 0 0 1.5px ${theme.colors.error.main}` }),
  duration: css({
    ...theme.typography.bodySmall,
    textAlign: 'right',
    whiteSpace: 'nowrap',
    fontVariantNumeric: 'tabular-nums',
    color: theme.colors.text.secondary,
  }),
  details: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 260px), 1fr))',
    gap: theme.spacing(1, 2),
    margin: 0,
    padding: theme.spacing(1, 2, 1.5),
    background: theme.colors.background.secondary,
    '&[hidden]': { display: 'none' },
  }),
  fact: css({ minWidth: 0 }),
  key: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  value: css({ margin: 0, overflowWrap: 'anywhere' }),
  more: css({ color: theme.colors.text.secondary, marginTop: theme.spacing(1) }),
});
