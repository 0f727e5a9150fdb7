import {
  type SceneComponentProps,
  type SceneObject,
  SceneObjectBase,
  type SceneObjectState,
  type SceneObjectUrlSyncHandler,
  sceneGraph,
  VizPanel,
} from '@grafana/scenes';
import { BoardView } from './BoardView.tsx';
import type { LinkModel } from './dashboardModel.ts';
import { viewPanelKey } from './viewPanel.ts';

export interface BoardSceneState extends SceneObjectState {
  uid: string;
  title: string;
  links: LinkModel[];
  variableControls: SceneObject[];
  timeControls: SceneObject[];
  body: SceneObject;
  /** Key of the panel that fills the page, from `?viewPanel=`. */
  viewPanel?: string | undefined;
}

/** One board: what is common to its panels, and which of them is viewed alone. */
export class BoardScene extends SceneObjectBase<BoardSceneState> {
  static Component = ({ model }: SceneComponentProps<BoardScene>) => <BoardView scene={model} />;
  protected override _urlSync: SceneObjectUrlSyncHandler = {
    getKeys: () => ['viewPanel'],
    getUrlState: () => ({ viewPanel: this.state.viewPanel }),
    updateFromUrl: ({ viewPanel: value }) => {
      const viewPanel = viewPanelKey(typeof value === 'string' ? value : undefined);
      if (viewPanel !== this.state.viewPanel) this.setState({ viewPanel });
    },
    // The browser's back button leaves the panel.
    shouldCreateHistoryStep: () => true,
  };

  /** The viewed panel; a copy of a repeated one exists only once its variable has its values. */
  findViewedPanel(): VizPanel | undefined {
    const { viewPanel } = this.state;
    if (!viewPanel) return undefined;
    const found = sceneGraph.findObject(
      this,
      (candidate) => candidate instanceof VizPanel && candidate.state.key === viewPanel && isShown(candidate),
    );
    return found instanceof VizPanel ? found : undefined;
  }
}

/** A repeated panel's source has the key of its first copy but is itself never shown. */
const isShown = (panel: SceneObject): boolean =>
  (panel.parent?.state as { source?: SceneObject } | undefined)?.source !== panel;
