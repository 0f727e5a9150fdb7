import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { TagList, useStyles2 } from '@grafana/ui';
import { type ReactNode, useEffect } from 'react';
import { TopBar } from './TopBar.tsx';

interface PageProps {
  title: string;
  tags?: string[];
  /** Boards use the whole width and have a breadcrumb. */
  isBoard?: boolean;
  isKiosk?: boolean;
  children: ReactNode;
}

const MAIN_ID = 'main';

/** What every page has: document title, a link that skips to the content, header, one h1, main. */
export function Page({ title, tags = [], isBoard = false, isKiosk = false, children }: PageProps) {
  const styles = useStyles2(getStyles);
  useEffect(() => {
    document.title = title === 'Dashboards' ? 'Dashboards' : `${title} - Dashboards`;
  }, [title]);
  return (
    <div className={styles.page}>
      <a className={styles.skip} href={`#${MAIN_ID}`}>
        Skip to main content
      </a>
      {!isKiosk && <TopBar current={isBoard ? title : undefined} />}
      <main id={MAIN_ID} tabIndex={-1} className={cx(styles.main, !isBoard && styles.narrow)}>
        <div className={cx(styles.heading, isBoard && !isKiosk && styles.boardHeading)}>
          <h1 className={cx(styles.title, isBoard && styles.boardTitle)}>{title}</h1>
          {tags.length > 0 && !isKiosk && <TagList tags={tags} className={styles.tags} />}
        </div>
        {children}
      </main>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({ display: 'flex', flexDirection: 'column', minHeight: '100vh' }),
  skip: css({
    position: 'absolute',
    left: theme.spacing(1),
    top: -100,
    zIndex: theme.zIndex.portal,
    padding: theme.spacing(1, 2),
    background: theme.colors.primary.main,
    color: theme.colors.primary.contrastText,
    borderRadius: theme.shape.radius.default,
    '&:focus': { top: theme.spacing(1) },
  }),
  main: css({
    display: 'flex',
    flexDirection: 'column',
    flex: '1 1 auto',
    padding: theme.spacing(2, 3),
    outline: 'none',
    minWidth: 0,
    [theme.breakpoints.down('sm')]: { padding: theme.spacing(1.5) },
  }),
  narrow: css({ width: '100%', maxWidth: 1120, margin: '0 auto', paddingTop: theme.spacing(4) }),
  heading: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1, 2) }),
  boardHeading: css({ paddingBottom: theme.spacing(0.5) }),
  title: css({ ...theme.typography.h2, margin: 0 }),
  boardTitle: css({ ...theme.typography.h3, margin: 0 }),
  tags: css({ justifyContent: 'flex-start', width: 'auto' }),
});
