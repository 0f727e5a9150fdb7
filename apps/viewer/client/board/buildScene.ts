/** Dashboard JSON (as provisioned to Grafana) → scene. */
import {
  behaviors,
  dataLayers,
  SceneDataLayerSet,
  SceneGridItem,
  type SceneGridItemLike,
  SceneGridLayout,
  SceneGridRow,
  SceneRefreshPicker,
  SceneTimePicker,
  VariableValueSelectors,
} from '@grafana/scenes';
import { DashboardCursorSync } from '@grafana/schema';
import { AnnotationControls } from './AnnotationControls.tsx';
import { BoardScene } from './BoardScene.tsx';
import { BoardTimeRange } from './BoardTimeRange.ts';
import { buildPanel } from './buildPanel.ts';
import type { AnnotationModel, DashboardModel, GridPos, PanelModel } from './dashboardModel.ts';
import { narrowHeight } from './narrowHeight.ts';
import { NARROW, RepeatedPanel } from './RepeatedPanel.tsx';
import { refreshWhileEmpty } from './refreshWhileEmpty.ts';
import { RowRepeater } from './repeatRow.ts';
import { retryFailedVariables } from './retryFailedVariables.ts';
import { buildVariables, dataSourceRef } from './variables.ts';

const COLUMNS = 24;
const REFRESH_INTERVALS = ['1s', '2s', '5s', '10s', '30s', '1m', '5m', '15m', '30m', '1h'];

export function buildScene(board: DashboardModel): BoardScene {
  const layers = (board.annotations?.list ?? []).filter(({ builtIn }) => !builtIn).map(buildAnnotations);
  return new BoardScene({
    key: `board-${board.uid}`,
    uid: board.uid,
    title: board.title,
    links: board.links ?? [],
    $timeRange: new BoardTimeRange({
      from: board.time?.from ?? 'now-1h',
      to: board.time?.to ?? 'now',
      timeZone: board.timezone || 'browser',
    }),
    $variables: buildVariables(board.templating?.list ?? []),
    $data: new SceneDataLayerSet({ layers }),
    $behaviors: [
      new behaviors.CursorSync({ sync: board.graphTooltip ?? DashboardCursorSync.Off }),
      new behaviors.SceneQueryController(),
      retryFailedVariables,
      refreshWhileEmpty,
    ],
    variableControls: [new VariableValueSelectors({}), new AnnotationControls({})],
    timeControls: [
      ...(board.timepicker?.hidden ? [] : [new SceneTimePicker({})]),
      new SceneRefreshPicker({
        refresh: board.refresh || '',
        intervals: withInterval(board.timepicker?.refresh_intervals ?? REFRESH_INTERVALS, board.refresh),
        minRefreshInterval: '1s',
      }),
    ],
    body: new SceneGridLayout({ isLazy: true, children: buildLayout(withUniqueIds(board.panels ?? [])) }),
  });
}

/** A refresh that is not among the choices would be ignored. */
const withInterval = (intervals: string[], refresh: string | false | undefined): string[] =>
  refresh && !intervals.includes(refresh) ? [refresh, ...intervals] : intervals;

function buildAnnotations(model: AnnotationModel) {
  return new dataLayers.AnnotationsDataLayer({
    name: model.name,
    isEnabled: Boolean(model.enable),
    isHidden: Boolean(model.hide),
    query: { ...model, datasource: dataSourceRef(model.datasource) },
  });
}

/** A row that is open in the JSON owns the panels after it, a collapsed one carries its panels. */
function buildLayout(models: PanelModel[]): SceneGridItemLike[] {
  const children: SceneGridItemLike[] = [];
  let openRow: SceneGridItemLike[] | undefined;
  for (const model of models) {
    if (model.type === 'row') {
      const items = model.collapsed ? (model.panels ?? []).map(buildItem) : [];
      children.push(buildRow(model, items));
      openRow = model.collapsed ? undefined : items;
    } else {
      (openRow ?? children).push(buildItem(model));
    }
  }
  return children;
}

function buildRow(model: PanelModel, children: SceneGridItemLike[]): SceneGridRow {
  return new SceneGridRow({
    key: `panel-${model.id}`,
    title: model.title ?? '',
    y: positionOf(model).y,
    isCollapsed: model.collapsed ?? false,
    children,
    $behaviors: model.repeat ? [new RowRepeater({ variableName: model.repeat })] : [],
  });
}

function buildItem(model: PanelModel): SceneGridItemLike {
  const { x, y, w, h } = positionOf(model);
  const height = NARROW.matches ? Math.max(h, narrowHeight(model)) : h;
  const place = { key: `grid-item-${model.id}`, x, y, width: w, height };
  if (!model.repeat) return new SceneGridItem({ ...place, body: buildPanel(model) });
  const isVertical = model.repeatDirection === 'v';
  return new RepeatedPanel({
    ...place,
    ...(isVertical ? {} : { x: 0, width: COLUMNS }),
    source: buildPanel(model),
    variableName: model.repeat,
    itemHeight: h,
    maxPerRow: model.maxPerRow ?? 4,
    isVertical,
  });
}

const positionOf = ({ gridPos }: PanelModel): GridPos => gridPos ?? { x: 0, y: 0, w: 12, h: 8 };

/** Grafana gives every panel an id of its own when it loads a board; generated JSON may lack them. */
function withUniqueIds(panels: PanelModel[]): PanelModel[] {
  const all = panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
  const seen = new Set<number>();
  let next = Math.max(0, ...all.map(({ id }) => id ?? 0));
  const unique = (panel: PanelModel): PanelModel => {
    let { id } = panel;
    if (!id || seen.has(id)) {
      next += 1;
      id = next;
    }
    seen.add(id);
    return { ...panel, id, ...(panel.panels ? { panels: panel.panels.map(unique) } : {}) };
  };
  return panels.map(unique);
}
