import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { ASE_COLOURS } from './aseColours.ts';

/** One colour for each ASE, on every page; whoever is not known here gets another. */
export function useAseColour(): (ase: string) => string {
  const { visualization } = useTheme2();
  return (ase) => visualization.getColorByName(ASE_COLOURS[ase] ?? 'blue');
}

/** The name of an ASE beside its colour. */
export function AseName({ name }: { name: string }) {
  const styles = useStyles2(getStyles);
  const colourOf = useAseColour();
  return (
    <span className={styles.name}>
      <span aria-hidden className={styles.dot} style={{ background: colourOf(name) }} />
      {name}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  name: css({
    ...theme.typography.bodySmall,
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    whiteSpace: 'nowrap',
  }),
  dot: css({ width: 10, height: 10, borderRadius: 2, flexShrink: 0 }),
});
