import { Global } from '@emotion/react';
import { useTheme2 } from '@grafana/ui';

/** What Grafana's own style sheet does beyond `GlobalStyles` and this viewer needs. */
export function ViewerStyles() {
  const theme = useTheme2();
  return (
    <Global
      styles={{
        body: { background: theme.colors.background.canvas, overflowX: 'hidden' },
        '#root': { minHeight: '100vh' },
        // While something turns, the page is drawn sixty times a second, which keeps a busy machine from what it waits for.
        'svg[data-testid="icon-spinner"]': { animationDelay: '1s' },
      }}
    />
  );
}
