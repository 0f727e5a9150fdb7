import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { selectors } from '@grafana/e2e-selectors';
import { SceneObjectStateChangedEvent, type VizPanel } from '@grafana/scenes';
import { Button, useStyles2 } from '@grafana/ui';
import { useEffect, useReducer } from 'react';
import { BoardLinks } from './BoardLinks.tsx';
import type { BoardScene } from './BoardScene.tsx';
import { useShownControls } from './kiosk.ts';

/** Controls above, below them the panels or the one that is viewed alone. */
export function BoardView({ scene }: { scene: BoardScene }) {
  const { body, variableControls, timeControls, viewPanel, links, title, uid } = scene.useState();
  const panel = useViewedPanel(scene, viewPanel);
  const styles = useStyles2(getStyles);
  const shown = useShownControls();
  return (
    <>
      <div className={styles.controls} data-testid={selectors.pages.Dashboard.Controls}>
        {shown.variables && (
          <div className={styles.group}>
            {variableControls.map((control) => (
              <control.Component key={control.state.key} model={control} />
            ))}
          </div>
        )}
        <div className={styles.timeGroup}>
          {panel && (
            <Button
              variant="secondary"
              icon="arrow-left"
              onClick={() => scene.setState({ viewPanel: undefined })}
            >
              Back to {title}
            </Button>
          )}
          {shown.time &&
            timeControls.map((control) => <control.Component key={control.state.key} model={control} />)}
        </div>
        {shown.links && <BoardLinks links={links} uid={uid} />}
      </div>
      {panel ? (
        <div className={styles.viewed}>
          <panel.Component model={panel} />
        </div>
      ) : (
        <div className={viewPanel ? styles.waiting : styles.body}>
          <body.Component model={body} />
        </div>
      )}
    </>
  );
}

/** Looks again at each change of the scene while the wanted panel is not there; Escape goes back. */
function useViewedPanel(scene: BoardScene, viewPanel: string | undefined): VizPanel | undefined {
  const [, lookAgain] = useReducer((count: number) => count + 1, 0);
  const panel = scene.findViewedPanel();
  const isMissing = viewPanel !== undefined && panel === undefined;
  useEffect(() => {
    if (!isMissing) return undefined;
    const subscription = scene.subscribeToEvent(SceneObjectStateChangedEvent, lookAgain);
    return () => subscription.unsubscribe();
  }, [scene, isMissing]);
  useEffect(() => (panel ? activateAncestors(panel, scene) : undefined), [panel, scene]);
  useEffect(() => {
    if (!viewPanel) return undefined;
    const leave = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) scene.setState({ viewPanel: undefined });
    };
    document.addEventListener('keydown', leave);
    return () => document.removeEventListener('keydown', leave);
  }, [scene, viewPanel]);
  return panel;
}

/** Scenes tell news of variables only along active objects, and what is not on the page is not active. */
function activateAncestors(panel: VizPanel, scene: BoardScene): () => void {
  const deactivate: Array<() => void> = [];
  for (let one = panel.parent; one && one !== scene; one = one.parent) deactivate.push(one.activate());
  return () => {
    for (const undo of deactivate) undo();
  };
}

const getStyles = (theme: GrafanaTheme2) => ({
  controls: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1),
    alignItems: 'flex-start',
    padding: theme.spacing(1, 0),
  }),
  group: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1), flex: '1 1 auto', minWidth: 0 }),
  timeGroup: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1),
    marginLeft: 'auto',
    justifyContent: 'flex-end',
    minWidth: 0,
  }),
  body: css({ paddingBottom: theme.spacing(4) }),
  /** The panel takes a height from nobody, so it is laid over all that is left. */
  viewed: css({
    position: 'relative',
    flex: '1 1 auto',
    minHeight: 320,
    '& > div': { position: 'absolute', inset: 0, width: 'auto', height: 'auto' },
  }),
  /** The panels must exist to be found, but are neither seen nor queried. */
  waiting: css({ visibility: 'hidden', height: 0, overflow: 'hidden' }),
});
