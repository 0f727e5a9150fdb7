/** Panel JSON → a panel of a scene. */
import {
  type SceneDataProvider,
  SceneDataTransformer,
  SceneQueryRunner,
  VizPanel,
  VizPanelMenu,
} from '@grafana/scenes';
import type { PanelModel } from './dashboardModel.ts';
import { PanelLinks } from './PanelLinks.tsx';
import { PanelTimeRange } from './PanelTimeRange.tsx';
import { dataSourceRef } from './variables.ts';
import { viewPanelUrl } from './viewPanel.ts';

export const panelKey = (id: number): string => `panel-${id}`;

export function buildPanel(model: PanelModel): VizPanel {
  const { title = '', description, links = [] } = model;
  const hasOwnTime = Boolean(model.timeFrom || model.timeShift);
  const panel = new VizPanel({
    key: panelKey(model.id ?? 0),
    pluginId: model.type,
    title,
    description: description ?? '',
    options: model.options ?? {},
    fieldConfig: model.fieldConfig ?? { defaults: {}, overrides: [] },
    pluginVersion: model.pluginVersion ?? '',
    displayMode: model.transparent ? 'transparent' : 'default',
    hoverHeader: !title && !hasOwnTime,
    $data: buildData(model),
    $timeRange: hasOwnTime
      ? new PanelTimeRange({
          timeFrom: model.timeFrom ?? undefined,
          timeShift: model.timeShift ?? undefined,
        })
      : undefined,
    titleItems: links.length > 0 ? new PanelLinks({ links }) : undefined,
    menu: new VizPanelMenu({ $behaviors: [fillMenu] }),
  });
  return panel;
}

function buildData(model: PanelModel): SceneDataProvider | undefined {
  if (!model.targets?.length) return undefined;
  const runner = new SceneQueryRunner({
    queries: model.targets,
    datasource: dataSourceRef(model.datasource),
    maxDataPoints: model.maxDataPoints ?? undefined,
    maxDataPointsFromWidth: true,
    minInterval: model.interval ?? undefined,
  });
  return new SceneDataTransformer({ $data: runner, transformations: model.transformations ?? [] });
}

/** Filled when it opens, as the link depends on the URL of that moment. */
function fillMenu(menu: VizPanelMenu): void {
  const panel = menu.parent as VizPanel;
  menu.setItems([
    { text: 'View', iconClassName: 'eye', shortcut: 'v', href: viewPanelUrl(panel.state.key ?? '') },
  ]);
}
