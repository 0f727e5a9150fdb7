/**
 * Grafana's packages read two globals while they are being imported. They are set here, before anything of
 * Grafana is loaded: hence the dynamic import.
 */
import { askBoardEarly, loadDataSource } from './api.ts';
import { initialThemeMode } from './layout/themeMode.ts';

Object.assign(window, {
  __grafana_public_path__: '/public/',
  grafanaBootData: {
    user: { theme: initialThemeMode(), timezone: 'browser', locale: 'en-US', permissions: {} },
    settings: {
      buildInfo: { version: '13.2.2', commit: '', env: 'production' },
      featureToggles: {},
      minRefreshInterval: '1s',
    },
    navTree: [],
  },
});

askBoardEarly(window.location.pathname);
// A server that does not answer is said by the page that asks it next.
const dataSource = loadDataSource().catch(() => undefined);
const { start } = await import('./app.tsx');
await start(document.getElementById('root') as HTMLElement, await dataSource);
