import 'react-grid-layout/css/styles.css';
import { LocationServiceProvider, locationService } from '@grafana/runtime';
import { EmptyState, GlobalStyles, PortalContainer, TextLink } from '@grafana/ui';
import { createRoot } from 'react-dom/client';
import { Route, Routes } from 'react-router-dom';
import { type DataSourceResponse, earlyBoard } from './api.ts';
import { BoardPage } from './board/BoardPage.tsx';
import { panelTypes } from './board/dashboardModel.ts';
import { importPanelTypes, setSingletons } from './grafana/singletons.ts';
import { HomePage } from './home/HomePage.tsx';
import { keepNamesAccessible } from './layout/accessibleNames.ts';
import { Page } from './layout/Page.tsx';
import { Router } from './layout/Router.tsx';
import { ThemeProvider } from './layout/ThemeProvider.tsx';
import { ViewerStyles } from './layout/ViewerStyles.tsx';
import { loadPanelPlugin } from './panels/index.ts';
import { TracePage } from './traces/TracePage.tsx';
import { TracesPage } from './traces/TracesPage.tsx';

/** A server that takes longer has its visitors told that the board is loading. */
const FIRST_BOARD_WITHIN_MS = 1000;
const PROXY = '/api/datasources/proxy/uid/prometheus';

export async function start(root: HTMLElement, dataSource: DataSourceResponse | undefined): Promise<void> {
  await setSingletons({
    prometheusUrl: PROXY,
    prometheusName: dataSource?.name ?? 'Prometheus',
    sampleInterval: dataSource?.jsonData.timeInterval ?? '1s',
    loadPanelPlugin,
  });
  await Promise.race([firstBoard(), delay(FIRST_BOARD_WITHIN_MS)]);
  createRoot(root).render(<App />);
  keepNamesAccessible(document.body);
}

/** Until the board that the page was opened for can be drawn: then nothing has to be drawn in its place before. */
async function firstBoard(): Promise<void> {
  const board = await earlyBoard();
  if (board) await importPanelTypes(panelTypes(board.dashboard));
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function App() {
  return (
    <ThemeProvider>
      <GlobalStyles />
      <ViewerStyles />
      <LocationServiceProvider service={locationService}>
        <Router>
          <Routes>
            <Route path="/" element={<HomePage />} />
            <Route path="/dashboards" element={<HomePage />} />
            <Route path="/d/:uid" element={<BoardPage />} />
            <Route path="/d/:uid/:slug" element={<BoardPage />} />
            <Route path="/traces" element={<TracesPage />} />
            <Route path="/trace/:id" element={<TracePage />} />
            <Route path="*" element={<NotFound />} />
          </Routes>
        </Router>
      </LocationServiceProvider>
      <PortalContainer />
    </ThemeProvider>
  );
}

function NotFound() {
  return (
    <Page title="Not found">
      <EmptyState variant="not-found" message="There is nothing at this address" role="alert" hideImage>
        <TextLink href="/">See all dashboards</TextLink>
      </EmptyState>
    </Page>
  );
}
