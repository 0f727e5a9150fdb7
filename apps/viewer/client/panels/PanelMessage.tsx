import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { selectors } from '@grafana/e2e-selectors';
import { Icon, useStyles2 } from '@grafana/ui';
import type { ReactNode } from 'react';

/** One sentence in the middle of a panel, instead of its picture. */
export function PanelMessage({
  tone = 'plain',
  children,
}: {
  tone?: 'plain' | 'error';
  children: ReactNode;
}) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.box} role={tone === 'error' ? 'status' : undefined}>
      <div>
        {tone === 'error' && <Icon name="exclamation-triangle" className={styles.icon} aria-hidden />}
        <span data-testid={selectors.components.Panels.Panel.PanelDataErrorMessage}>{children}</span>
      </div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    height: '100%',
    width: '100%',
    overflow: 'auto',
    padding: theme.spacing(1),
    color: theme.colors.text.secondary,
    textAlign: 'center',
    overflowWrap: 'anywhere',
  }),
  icon: css({ color: theme.colors.warning.text, marginRight: theme.spacing(1) }),
});
