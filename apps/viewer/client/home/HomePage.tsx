import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, EmptyState, FilterInput, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { type HealthResponse, loadHealth, type SearchHit, searchBoards } from '../api.ts';
import { Page } from '../layout/Page.tsx';
import { BoardCard } from './BoardCard.tsx';
import { filterBoards, groupByFolder, tagsOf } from './filterBoards.ts';
import { TagFilter } from './TagFilter.tsx';

/** `/` and `/dashboards`: every board, by folder, to be searched by words and tags. */
export function HomePage() {
  const styles = useStyles2(getStyles);
  const { boards, error, broken } = useBoards();
  const [params, setParams] = useSearchParams();
  const query = params.get('query') ?? '';
  const tags = params.getAll('tag');
  const update = (nextQuery: string, nextTags: string[]) => {
    const next = new URLSearchParams(nextQuery ? { query: nextQuery } : {});
    for (const tag of nextTags) next.append('tag', tag);
    setParams(next, { replace: true });
  };
  const found = filterBoards(boards ?? [], query, tags);
  return (
    <Page title="Dashboards">
      <p className={styles.lead}>
        Live telemetry of the playground’s ASEs: every number here can be checked against their ledgers.
      </p>
      {broken.length > 0 && (
        <div>
          <Alert severity="warning" title={`${broken.length} dashboard file(s) could not be read`}>
            <ul className={styles.broken}>
              {broken.map(({ file, problem }) => (
                <li key={file}>
                  <code>{file}</code>: {problem}
                </li>
              ))}
            </ul>
          </Alert>
        </div>
      )}
      {error && (
        <div>
          <Alert severity="error" title="The dashboards could not be listed">
            {error.message}
          </Alert>
        </div>
      )}
      <search className={styles.search}>
        <FilterInput
          value={query}
          onChange={(value) => update(value, tags)}
          placeholder="Search for dashboards"
          aria-label="Search for dashboards"
          escapeRegex={false}
        />
        <TagFilter
          tags={tagsOf(boards ?? [])}
          selected={tags}
          onChange={(selected) => update(query, selected)}
        />
      </search>
      <div role="status" className={styles.count}>
        {boards && `${found.length} of ${boards.length} dashboards`}
      </div>
      {!boards && !error && <LoadingPlaceholder text="Loading the dashboards…" />}
      {boards && found.length === 0 && <NothingFound hasBoards={boards.length > 0} />}
      {groupByFolder(found).map(({ folder, boards: inFolder }) => (
        <section key={folder} aria-label={folder}>
          <h2 className={styles.folder}>{folder}</h2>
          <ul className={styles.cards}>
            {inFolder.map((board) => (
              <BoardCard key={board.uid} board={board} />
            ))}
          </ul>
        </section>
      ))}
    </Page>
  );
}

function NothingFound({ hasBoards }: { hasBoards: boolean }) {
  return hasBoards ? (
    <EmptyState variant="not-found" message="No dashboard matches" hideImage>
      Try fewer words or tags.
    </EmptyState>
  ) : (
    <EmptyState variant="call-to-action" message="There are no dashboards yet" hideImage>
      <code>./playground dashboards</code> writes them to <code>grafana/dashboards</code>.
    </EmptyState>
  );
}

function useBoards() {
  const [boards, setBoards] = useState<SearchHit[]>();
  const [error, setError] = useState<Error>();
  const [broken, setBroken] = useState<HealthResponse['brokenDashboards']>([]);
  useEffect(() => {
    searchBoards().then(setBoards, setError);
    loadHealth().then(
      ({ brokenDashboards }) => setBroken(brokenDashboards),
      () => setBroken([]),
    );
  }, []);
  return { boards, error, broken };
}

const getStyles = (theme: GrafanaTheme2) => ({
  lead: css({ color: theme.colors.text.secondary, margin: theme.spacing(1, 0, 3), maxWidth: '90ch' }),
  broken: css({ paddingLeft: theme.spacing(2.5), overflowWrap: 'anywhere' }),
  search: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1.5), maxWidth: 640 }),
  count: css({
    ...theme.typography.bodySmall,
    color: theme.colors.text.secondary,
    minHeight: 18,
    marginTop: theme.spacing(1.5),
  }),
  folder: css({ ...theme.typography.h5, margin: theme.spacing(2, 0, 1) }),
  cards: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 320px), 1fr))',
    gap: theme.spacing(2),
    listStyle: 'none',
  }),
});
