import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { UrlSyncContextProvider } from '@grafana/scenes';
import { EmptyState, LoadingPlaceholder, TextLink, useStyles2 } from '@grafana/ui';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useParams } from 'react-router-dom';
import { ApiError, type DashboardResponse, loadBoard, takeEarlyBoard } from '../api.ts';
import { importPanelTypes } from '../grafana/singletons.ts';
import { Page } from '../layout/Page.tsx';
import { useThemeSwitch } from '../layout/ThemeProvider.tsx';
import { buildScene } from './buildScene.ts';
import { panelTypes } from './dashboardModel.ts';
import { useKiosk } from './kiosk.ts';

/** `/d/<uid>/<slug>`: one board. */
export function BoardPage() {
  const { uid = '' } = useParams();
  const { mode } = useThemeSwitch();
  const isKiosk = useKiosk();
  const { response, error } = useBoard(uid);
  if (error) return <BoardProblem error={error} uid={uid} />;
  if (!response) {
    return (
      <Page title="Dashboard">
        <LoadingPlaceholder text="Loading the dashboard…" />
      </Page>
    );
  }
  const { title, tags = [] } = response.dashboard;
  return (
    <Page title={title} tags={tags} isBoard isKiosk={isKiosk}>
      {/* A new theme needs a new scene: values carry the colours that they were processed with. */}
      <Board key={`${uid}-${mode}`} response={response} />
    </Page>
  );
}

function Board({ response }: { response: DashboardResponse }) {
  const scene = useMemo(() => buildScene(response.dashboard), [response]);
  const styles = useStyles2(getStyles);
  return (
    <UrlSyncContextProvider scene={scene} updateUrlOnInit createBrowserHistorySteps>
      <div className={styles.board}>
        <scene.Component model={scene} />
      </div>
    </UrlSyncContextProvider>
  );
}

interface Loaded {
  uid: string;
  response?: DashboardResponse;
  error?: Error;
}

function useBoard(uid: string): Partial<Loaded> {
  const [state, setState] = useState<Loaded>(() => {
    const response = takeEarlyBoard(uid);
    return response ? { uid, response } : { uid };
  });
  const isKnown = useRef(state.response !== undefined);
  useEffect(() => {
    if (isKnown.current) {
      isKnown.current = false;
      return undefined;
    }
    let isCurrent = true;
    loadBoardAndPanels(uid).then(
      (response) => isCurrent && setState({ uid, response }),
      (error: Error) => isCurrent && setState({ uid, error }),
    );
    return () => {
      isCurrent = false;
    };
  }, [uid]);
  return state.uid === uid ? state : {};
}

/** With the types of its panels: a panel that has to wait for its own is rendered once more. */
async function loadBoardAndPanels(uid: string): Promise<DashboardResponse> {
  const response = await loadBoard(uid);
  await importPanelTypes(panelTypes(response.dashboard));
  return response;
}

function BoardProblem({ error, uid }: { error: Error; uid: string }) {
  const isMissing = error instanceof ApiError && error.status === 404;
  const message = isMissing ? `There is no dashboard “${uid}”` : 'The dashboard could not be loaded';
  return (
    <Page title={isMissing ? 'Not found' : 'Problem'}>
      <EmptyState variant="not-found" message={message} role="alert" hideImage>
        {isMissing ? 'It may have been renamed. ' : `${error.message} `}
        <TextLink href="/" inline>
          See all dashboards
        </TextLink>
      </EmptyState>
    </Page>
  );
}

const getStyles = (_theme: GrafanaTheme2) => ({
  board: css({ display: 'flex', flexDirection: 'column', flex: '1 1 auto', minHeight: 0 }),
});
