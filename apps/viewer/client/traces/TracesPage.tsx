import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { Alert, Button, EmptyState, FilterPill, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import { Link, useSearchParams } from 'react-router-dom';
import { Page } from '../layout/Page.tsx';
import { AseName } from './AseName.tsx';
import { asesOf, endOf, searchTraces, startOf, type Trace } from './jaegerApi.ts';
import { durationText, traceTitle } from './spanRows.ts';
import { useLoaded } from './useLoaded.ts';

const KINDS = [
  { label: 'All', operation: undefined },
  { label: 'Payments', operation: 'payment' },
  { label: 'Settlements', operation: 'settlement' },
];
const REFRESH_MS = 10_000;

/** `/traces`: the newest traces that Jaeger has. */
export function TracesPage() {
  const styles = useStyles2(getStyles);
  const [params, setParams] = useSearchParams();
  const operation = params.get('operation') ?? undefined;
  const onlyFailed = params.has('failed');
  const { value, error, reload } = useLoaded(
    () => searchTraces({ operation, onlyFailed }),
    `${operation} ${onlyFailed}`,
    REFRESH_MS,
  );
  const choose = (next: { operation?: string | undefined; failed: boolean }) =>
    setParams(
      { ...(next.operation && { operation: next.operation }), ...(next.failed && { failed: '' }) },
      { replace: true },
    );
  return (
    <Page title="Traces">
      <p className={styles.lead}>
        Every traced payment, from its quote to its last commit, over all ASEs that it passes. The newest come
        first.
      </p>
      <div className={styles.controls}>
        <fieldset className={styles.pills}>
          <legend className={styles.hidden}>What to show</legend>
          {KINDS.map((kind) => (
            <FilterPill
              key={kind.label}
              label={kind.label}
              selected={kind.operation === operation}
              onClick={() => choose({ operation: kind.operation, failed: onlyFailed })}
            />
          ))}
          <FilterPill
            label="Only with failures"
            selected={onlyFailed}
            onClick={() => choose({ operation, failed: !onlyFailed })}
          />
        </fieldset>
        <Button variant="secondary" size="sm" icon="sync" onClick={reload}>
          Refresh
        </Button>
      </div>
      {error && (
        <div>
          <Alert severity="error" title="The traces could not be listed">
            {error.message}
          </Alert>
        </div>
      )}
      {!value && !error && <LoadingPlaceholder text="Asking Jaeger…" />}
      {value?.length === 0 && (
        <EmptyState variant="not-found" message="No trace matches" hideImage>
          Traces appear a second after a payment; <code>OTEL_SAMPLING_RATIO</code> says which share of them is
          traced.
        </EmptyState>
      )}
      {value && value.length > 0 && <TraceList traces={value} />}
    </Page>
  );
}

function TraceList({ traces }: { traces: Trace[] }) {
  const styles = useStyles2(getStyles);
  const longestMs = Math.max(...traces.map((trace) => endOf(trace) - startOf(trace)));
  return (
    <ul className={styles.list} aria-label="Traces">
      {traces.map((trace) => {
        const ms = endOf(trace) - startOf(trace);
        const failures = trace.spans.filter(({ error }) => error !== undefined).length;
        const ases = asesOf(trace);
        return (
          <li key={trace.id} className={styles.item} data-testid="data-testid trace">
            <span className={styles.what}>
              <Link to={`/trace/${trace.id}`} className={styles.link}>
                {traceTitle(trace)}
              </Link>
              <span className={styles.when}>
                {dateTimeFormat(startOf(trace), { format: 'YYYY-MM-DD HH:mm:ss' })} · {trace.spans.length}{' '}
                spans
                {failures > 0 && <span className={styles.failed}> · {failures} failed</span>}
              </span>
            </span>
            <span className={styles.ases}>
              {ases.map((ase) => (
                <AseName key={ase} name={ase} />
              ))}
            </span>
            <span className={styles.time}>
              <span className={styles.bar} style={{ width: `${Math.max((ms / longestMs) * 100, 1)}%` }} />
              <span>{durationText(ms)}</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  lead: css({ color: theme.colors.text.secondary, margin: theme.spacing(1, 0, 3), maxWidth: '90ch' }),
  controls: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(1.5),
    marginBottom: theme.spacing(2),
  }),
  pills: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1), border: 0, margin: 0, padding: 0 }),
  hidden: css({ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }),
  list: css({ listStyle: 'none', borderTop: `1px solid ${theme.colors.border.weak}` }),
  item: css({
    position: 'relative',
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 5fr) minmax(0, 3fr) minmax(0, 4fr)',
    gap: theme.spacing(0.5, 2),
    alignItems: 'center',
    padding: theme.spacing(1, 1.5),
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    '&:hover, &:focus-within': { background: theme.colors.action.hover },
    [theme.breakpoints.down('sm')]: { gridTemplateColumns: '1fr' },
  }),
  what: css({ display: 'flex', flexDirection: 'column', minWidth: 0 }),
  link: css({
    color: theme.colors.text.primary,
    fontWeight: theme.typography.fontWeightMedium,
    '&::after': { content: '""', position: 'absolute', inset: 0 },
    '&:focus-visible': { outline: 'none' },
    '&:focus-visible::after': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 },
  }),
  when: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  failed: css({ color: theme.colors.error.text }),
  ases: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5, 1.5) }),
  time: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) 64px',
    alignItems: 'center',
    gap: theme.spacing(1),
    fontVariantNumeric: 'tabular-nums',
    '& > :last-child': { textAlign: 'right' },
  }),
  bar: css({ height: 8, borderRadius: 2, background: theme.colors.primary.main, opacity: 0.7 }),
});
