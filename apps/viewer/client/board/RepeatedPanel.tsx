import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import {
  type SceneComponentProps,
  type SceneGridItemLike,
  type SceneGridItemStateLike,
  SceneGridLayout,
  SceneObjectBase,
  VariableDependencyConfig,
  type VizPanel,
} from '@grafana/scenes';
import { useStyles2 } from '@grafana/ui';
import { copyKey, localVariable, type RepeatValue, repeatValues, sameValues } from './repeat.ts';

interface RepeatedPanelState extends SceneGridItemStateLike {
  source: VizPanel;
  panels: VizPanel[];
  variableName: string;
  itemHeight: number;
  maxPerRow: number;
  isVertical: boolean;
  columns: number;
}

/** Below this the grid has a single column: 768 px of it and the page's margins. */
export const NARROW = matchMedia('(max-width: 815px)');

/** A panel once for each value of a variable, side by side or one below the other. */
export class RepeatedPanel extends SceneObjectBase<RepeatedPanelState> implements SceneGridItemLike {
  static Component = RepeatedPanelView;
  protected override _variableDependency: VariableDependencyConfig<RepeatedPanelState>;

  #shown: RepeatValue[] = [];

  constructor(state: Omit<RepeatedPanelState, 'panels' | 'columns'>) {
    super({ ...state, panels: [], columns: 1 });
    this._variableDependency = new VariableDependencyConfig<RepeatedPanelState>(this, {
      variableNames: [state.variableName],
      onVariableUpdateCompleted: () => this.#repeat(),
    });
    this.addActivationHandler(() => {
      this.#repeat();
      const arrange = () => this.#arrange();
      NARROW.addEventListener('change', arrange);
      return () => NARROW.removeEventListener('change', arrange);
    });
  }

  getChildCount(): number {
    return this.state.panels.length;
  }

  #repeat(): void {
    const { source, variableName } = this.state;
    const values = repeatValues(variableName, this);
    if (!values || sameValues(values, this.#shown)) return;
    this.#shown = values;
    const panels = values.map((value, index) =>
      source.clone({ key: copyKey(source.state.key, index), $variables: localVariable(variableName, value) }),
    );
    this.setState({ panels });
    this.#arrange();
  }

  #arrange(): void {
    const { panels, itemHeight, maxPerRow, isVertical } = this.state;
    const columns = isVertical || NARROW.matches ? 1 : Math.max(1, Math.min(maxPerRow, panels.length));
    const lines = Math.max(1, Math.ceil(panels.length / columns));
    this.setState({ columns, height: itemHeight * lines });
    closestGrid(this)?.forceRender();
  }
}

function closestGrid(item: RepeatedPanel): SceneGridLayout | undefined {
  const candidates = [item.parent, item.parent?.parent];
  return candidates.find((candidate) => candidate instanceof SceneGridLayout);
}

function RepeatedPanelView({ model }: SceneComponentProps<RepeatedPanel>) {
  const { panels, columns } = model.useState();
  const styles = useStyles2(getStyles, columns);
  return (
    <div className={styles.grid}>
      {panels.map((panel) => (
        <div key={panel.state.key} className={styles.cell}>
          <panel.Component model={panel} />
        </div>
      ))}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2, columns: number) => ({
  grid: css({
    display: 'grid',
    height: '100%',
    gap: theme.spacing(1),
    gridAutoRows: '1fr',
    gridTemplateColumns: `repeat(${columns}, 1fr)`,
  }),
  cell: css({ position: 'relative' }),
});
