import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Tooltip, useStyles2 } from '@grafana/ui';
import { Link } from 'react-router-dom';
import { ThemeIcon } from './ThemeIcon.tsx';
import { useThemeSwitch } from './ThemeProvider.tsx';

/** The way home, where we are, and the theme switch. */
export function TopBar({ current }: { current?: string | undefined }) {
  const styles = useStyles2(getStyles);
  const { mode, toggle } = useThemeSwitch();
  const other = mode === 'dark' ? 'light' : 'dark';
  const label = `Use the ${other} theme`;
  return (
    <header className={styles.bar}>
      <nav aria-label="Breadcrumb" className={styles.crumbs}>
        <Link to="/" className={styles.home}>
          <img src="/favicon.svg" alt="" width={22} height={22} />
          <span className={styles.brand}>Interledger playground</span>
        </Link>
        {current && (
          <>
            <span aria-hidden className={styles.separator}>
              ›
            </span>
            <span aria-current="page" className={styles.current}>
              {current}
            </span>
          </>
        )}
      </nav>
      <div className={styles.right}>
        <Link to="/traces" className={styles.link}>
          Traces
        </Link>
        <Tooltip content={label}>
          <button type="button" className={styles.theme} aria-label={label} onClick={toggle}>
            <ThemeIcon mode={other} />
          </button>
        </Tooltip>
      </div>
    </header>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(2),
    height: 44,
    flexShrink: 0,
    padding: theme.spacing(0, 3),
    background: theme.colors.background.primary,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    [theme.breakpoints.down('sm')]: { padding: theme.spacing(0, 1.5) },
  }),
  crumbs: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), minWidth: 0 }),
  home: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    flexShrink: 0,
    color: theme.colors.text.primary,
    fontWeight: theme.typography.fontWeightMedium,
    borderRadius: theme.shape.radius.default,
    '&:hover': { textDecoration: 'underline' },
  }),
  right: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1.5), flexShrink: 0 }),
  link: css({
    color: theme.colors.text.secondary,
    borderRadius: theme.shape.radius.default,
    '&:hover': { color: theme.colors.text.primary, textDecoration: 'underline' },
  }),
  theme: css({
    display: 'grid',
    placeItems: 'center',
    width: 32,
    height: 32,
    padding: 0,
    border: 0,
    background: 'none',
    color: theme.colors.text.secondary,
    borderRadius: theme.shape.radius.default,
    '&:hover': { background: theme.colors.action.hover, color: theme.colors.text.primary },
  }),
  brand: css({ whiteSpace: 'nowrap' }),
  separator: css({ color: theme.colors.text.secondary }),
  current: css({
    color: theme.colors.text.secondary,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  }),
});
