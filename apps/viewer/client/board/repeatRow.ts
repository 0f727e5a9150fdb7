import {
  SceneGridItem,
  type SceneGridItemLike,
  SceneGridRow,
  SceneObjectBase,
  type SceneObjectState,
  VariableDependencyConfig,
} from '@grafana/scenes';
import { copyKey, localVariable, type RepeatValue, repeatValues, sameValues } from './repeat.ts';

interface RowRepeaterState extends SceneObjectState {
  variableName: string;
}

/** A behaviour of a row: shows the row once for each value of a variable, one below the other. */
export class RowRepeater extends SceneObjectBase<RowRepeaterState> {
  protected override _variableDependency: VariableDependencyConfig<RowRepeaterState>;
  /** The row's panels as the board has them, before any copy was made. */
  #template: SceneGridItemLike[] | undefined;
  /** Grid rows that the copies of the last time moved what follows them. */
  #shift = 0;
  #shown: RepeatValue[] = [];

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
    // From the layout on: the row itself has a local variable of that name.
    const values = repeatValues(this.state.variableName, row.getGridLayout());
    if (!values || values.length === 0 || sameValues(values, this.#shown)) return;
    this.#shown = values;
    this.#template ??= row.state.children.map((child) => child.clone());
    const layout = row.getGridLayout();
    const others = layout.state.children.filter((child) => !isCopyOf(row, child));
    const copies = values.map((value, index) => this.#rowFor(row, value, index));
    const shift = stack(row, copies);
    moveFollowing(others, row, shift - this.#shift);
    this.#shift = shift;
    const at = others.indexOf(row);
    layout.setState({ children: [...others.slice(0, at), ...copies, ...others.slice(at + 1)] });
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

/** Puts the copies one below the other; returns how far they reach below the original. */
function stack(row: SceneGridRow, copies: SceneGridRow[]): number {
  const top = row.state.y ?? 0;
  const height = Math.max(1, ...copies[0]!.state.children.map(({ state }) => bottom(state) - top));
  copies.forEach((copy, index) => {
    const offset = index * height;
    copy.setState({ y: top + offset });
    moveDown(copy.state.children, index === 0 ? 0 : offset);
  });
  return (copies.length - 1) * height;
}

/** Rows keep the positions of their panels themselves. */
function moveFollowing(items: SceneGridItemLike[], row: SceneGridRow, distance: number): void {
  const following = items.slice(items.indexOf(row) + 1);
  moveDown(following, distance);
  for (const item of following) if (item instanceof SceneGridRow) moveDown(item.state.children, distance);
}

function moveDown(items: SceneGridItemLike[], distance: number): void {
  if (distance !== 0) for (const item of items) item.setState({ y: (item.state.y ?? 0) + distance });
}

const bottom = ({ y = 0, height = 0 }: { y?: number; height?: number }): number => y + height;
