import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { FilterPill, useStyles2 } from '@grafana/ui';

interface TagFilterProps {
  tags: string[];
  selected: string[];
  onChange: (selected: string[]) => void;
}

/** Every tag as a switch; a board must have all that are on. */
export function TagFilter({ tags, selected, onChange }: TagFilterProps) {
  const styles = useStyles2(getStyles);
  if (tags.length === 0) return null;
  const toggle = (tag: string) =>
    onChange(selected.includes(tag) ? selected.filter((one) => one !== tag) : [...selected, tag]);
  return (
    <fieldset className={styles.tags}>
      <legend className={styles.legend}>Tags</legend>
      {tags.map((tag) => (
        <FilterPill key={tag} label={tag} selected={selected.includes(tag)} onClick={() => toggle(tag)} />
      ))}
    </fieldset>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  tags: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1), border: 0, margin: 0, padding: 0 }),
  legend: css({ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }),
});
