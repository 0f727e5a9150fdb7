import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { Alert, EmptyState, LoadingPlaceholder, TextLink, useStyles2 } from '@grafana/ui';
import { useParams } from 'react-router-dom';
import { Page } from '../layout/Page.tsx';
import { AseName } from './AseName.tsx';
import { asesOf, endOf, loadTrace, startOf, type Trace } from './jaegerApi.ts';
import { durationText, traceTitle } from './spanRows.ts';
import { useLoaded } from './useLoaded.ts';
import { Waterfall } from './Waterfall.tsx';

/** `/trace/ID`: one trace as a waterfall. */
export function TracePage() {
  const { id = '' } = useParams();
  const { value, error } = useLoaded(async () => ({ trace: await loadTrace(id) }), id);
  const trace = value?.trace;
  return (
    <Page title={trace ? traceTitle(trace) : 'Trace'}>
      {error && (
        <div>
          <Alert severity="error" title="The trace could not be read">
            {error.message}
          </Alert>
        </div>
      )}
      {!value && !error && <LoadingPlaceholder text="Asking Jaeger…" />}
      {value && !trace && (
        <EmptyState variant="not-found" message="Jaeger does not have this trace" role="alert" hideImage>
          It keeps the newest only. <TextLink href="/traces">See those</TextLink>
        </EmptyState>
      )}
      {trace && <TraceView trace={trace} />}
    </Page>
  );
}

function TraceView({ trace }: { trace: Trace }) {
  const styles = useStyles2(getStyles);
  const ases = asesOf(trace);
  const payment = trace.spans.find(({ name }) => name === 'payment')?.attributes['payment.id'];
  return (
    <>
      <dl className={styles.facts}>
        <Fact name="Began">{dateTimeFormat(startOf(trace), { format: 'YYYY-MM-DD HH:mm:ss.SSS' })}</Fact>
        <Fact name="Took">{durationText(endOf(trace) - startOf(trace))}</Fact>
        <Fact name="Spans">{trace.spans.length}</Fact>
        {payment && <Fact name="Payment">{payment}</Fact>}
        <Fact name="Trace">{trace.id}</Fact>
      </dl>
      <div className={styles.legend}>
        {ases.map((ase) => (
          <AseName key={ase} name={ase} />
        ))}
      </div>
      <Waterfall trace={trace} />
    </>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.fact}>
      <dt className={styles.term}>{name}</dt>
      <dd className={styles.value}>{children}</dd>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  facts: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1, 3), margin: theme.spacing(1.5, 0) }),
  fact: css({ minWidth: 0 }),
  term: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  value: css({ margin: 0, overflowWrap: 'anywhere', fontVariantNumeric: 'tabular-nums' }),
  legend: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5, 2),
    marginBottom: theme.spacing(1),
  }),
});
