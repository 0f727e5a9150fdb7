import {
  SceneGridItem,
  type SceneGridItemLike,
  type SceneGridLayout,
  SceneGridRow,
  SceneObjectBase,
  type SceneObjectState,
  VariableDependencyConfig,
} from '@grafana/scenes';
import { copyKey, localVariable, type RepeatValue, repeatValues } from './repeat.ts';

interface RowRepeaterState extends SceneObjectState {
  variableName: string;
}

/** A behaviour of a row: shows the row once for each value of a variable, one below the other. */
export class RowRepeater extends SceneObjectBase<RowRepeaterState> {
  protected override _variableDependency: VariableDependencyConfig<RowRepeaterState>;
  /** The row's panels as the board has them, before any copy was made. */
  #template: SceneGridItemLike[] | undefined;

  constructor(state: RowRepeaterState) {
    super(state);
    this._variableDependency = new VariableDependencyConfig<RowRepeaterState>(this, {
      variableNames: [state.variableName],
      onVariableUpdateCompleted: () => this.#repeat(),
    });
    this.addActivationHandler(() => this.#repeat());
  }

  #repeat(): void {
    const row = this.parent;
    if (!(row instanceof SceneGridRow)) return;
    const values = repeatValues(this.state.variableName, this);
    if (!values || values.length === 0) return;
    this.#template ??= row.state.children.map((child) => child.clone());
    const layout = row.getGridLayout();
    const others = layout.state.children.filter((child) => !isCopyOf(row, child));
    const copies = values.map((value, index) => this.#rowFor(row, value, index));
    layout.setState({ children: stacked(others, row, copies) });
  }

  #rowFor(row: SceneGridRow, value: RepeatValue, index: number): SceneGridRow {
    const { variableName } = this.state;
    const $variables = localVariable(variableName, value);
    const children = this.#template!.map((child) => copyOfItem(child, index));
    if (index === 0) {
      row.setState({ $variables, children });
      return row;
    }
    return new SceneGridRow({
      key: copyKey(row.state.key, index),
      title: row.state.title,
      isCollapsed: row.state.isCollapsed,
      repeatSourceKey: row.state.key,
      y: row.state.y,
      $variables,
      children,
    });
  }
}

function copyOfItem(item: SceneGridItemLike, index: number): SceneGridItemLike {
  const key = copyKey(item.state.key, index);
  if (!(item instanceof SceneGridItem)) return item.clone({ key });
  const body = item.state.body;
  return item.clone({ key, body: body?.clone({ key: copyKey(body.state.key, index) }) });
}

const isCopyOf = (row: SceneGridRow, child: SceneGridItemLike): boolean =>
  child instanceof SceneGridRow && child.state.repeatSourceKey === row.state.key;

/** Puts the copies below the original and moves what follows down. */
function stacked(
  children: SceneGridItemLike[],
  row: SceneGridRow,
  copies: SceneGridRow[],
): SceneGridLayout['state']['children'] {
  const originalY = row.state.y ?? 0;
  const height = Math.max(1, ...copies[0]!.state.children.map(({ state }) => bottom(state) - originalY));
  copies.forEach((copy, index) => {
    const offset = index * height;
    copy.setState({ y: originalY + offset });
    if (index === 0) return;
    for (const child of copy.state.children) child.setState({ y: (child.state.y ?? 0) + offset });
  });
  const at = children.indexOf(row);
  return [...children.slice(0, at), ...copies, ...children.slice(at + 1)];
}

const bottom = ({ y = 0, height = 0 }: { y?: number; height?: number }): number => y + height;
