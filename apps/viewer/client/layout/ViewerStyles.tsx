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
      }}
    />
  );
}
