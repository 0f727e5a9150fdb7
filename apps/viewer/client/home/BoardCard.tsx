import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { selectors } from '@grafana/e2e-selectors';
import { Tag, useStyles2 } from '@grafana/ui';
import { Link } from 'react-router-dom';
import type { SearchHit } from '../api.ts';

/** One board: the whole card leads there, the heading is what is read out and focused. */
export function BoardCard({ board }: { board: SearchHit }) {
  const styles = useStyles2(getStyles);
  return (
    <li className={styles.card} data-testid={selectors.components.Search.dashboardItem(board.title)}>
      <h3 className={styles.title}>
        <Link to={board.url} className={styles.link}>
          {board.title}
        </Link>
      </h3>
      {board.description && <p className={styles.description}>{board.description}</p>}
      {board.tags.length > 0 && (
        <ul className={styles.tags} aria-label="Tags">
          {board.tags.map((tag) => (
            <li key={tag}>
              <Tag name={tag} />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  card: css({
    position: 'relative',
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1),
    padding: theme.spacing(2),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    '&:hover': { background: theme.colors.emphasize(theme.colors.background.primary, 0.03) },
    '&:hover, &:focus-within': { borderColor: theme.colors.border.strong },
  }),
  title: css({ ...theme.typography.h4, margin: 0 }),
  link: css({
    color: theme.colors.text.primary,
    '&::after': { content: '""', position: 'absolute', inset: 0, borderRadius: 'inherit' },
    '&:focus-visible': { outline: 'none' },
    '&:focus-visible::after': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 2 },
  }),
  description: css({ color: theme.colors.text.secondary, margin: 0, flex: '1 1 auto' }),
  tags: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.75), listStyle: 'none' }),
});
