/**
 * The singletons of @grafana/runtime that scenes and components look up. Grafana's core provides them; here
 * they are as small as a read-only viewer allows. None talks to a Grafana server.
 */
import { type DataSourceApi, EventBusSrv, type PanelPlugin, type ScopedVars } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import {
  type BackendSrv,
  config,
  type DataSourceSrv,
  getPluginImportUtils,
  setAppEvents,
  setBackendSrv,
  setDataSourceSrv,
  setPluginImportUtils,
  setRunRequest,
  setTemplateSrv,
  type TemplateSrv,
} from '@grafana/runtime';
import { type SceneObject, sceneGraph } from '@grafana/scenes';
import { type Interpolate, PrometheusDataSource, prometheusSettings } from '../prometheus/dataSource.ts';
import { fillRegistries } from './registries.ts';
import { runRequest } from './runRequest.ts';

export interface SingletonOptions {
  /** Where Prometheus' API is, without `/api/v1`. */
  prometheusUrl: string;
  prometheusName: string;
  /** How often Prometheus gets a new sample, such as `1s`; the shortest step of a query. */
  sampleInterval: string;
  loadPanelPlugin: (id: string) => Promise<PanelPlugin>;
}

export async function setSingletons(options: SingletonOptions): Promise<void> {
  config.minRefreshInterval = '1s';
  fillRegistries();
  await initPluginTranslations('viewer');
  setAppEvents(new EventBusSrv());
  setDataSource(options);
  setTemplateSrv({
    replace: (text = '', vars, format) => interpolate(text, vars ?? {}, format as string),
    getVariables: () => [],
    containsTemplate: (text) => /\$/.test(text ?? ''),
    updateTimeRange: () => {},
  } satisfies TemplateSrv);
  setBackendSrv({
    get: async () => ({}),
    fetch: () => {
      throw new Error('The viewer has no Grafana server to ask.');
    },
  } as unknown as BackendSrv);
  setRunRequest(runRequest);
  setPanelPluginLoader(options.loadPanelPlugin);
}

/** Scenes pass the object whose variables count inside the scoped variables. */
const interpolate: Interpolate = (text, vars, format) => {
  const wrapped = vars.__sceneObject?.value as { valueOf(): SceneObject } | undefined;
  const sceneObject = wrapped?.valueOf();
  return sceneObject ? sceneGraph.interpolate(sceneObject, text, vars as ScopedVars, format as string) : text;
};

function setDataSource({ prometheusUrl, prometheusName, sampleInterval }: SingletonOptions): void {
  const settings = prometheusSettings(prometheusUrl, prometheusName, sampleInterval);
  const dataSource = new PrometheusDataSource(settings, interpolate);
  config.datasources = { [settings.name]: settings };
  config.defaultDatasource = settings.name;
  setDataSourceSrv({
    get: async () => dataSource as unknown as DataSourceApi,
    getList: () => [settings],
    getInstanceSettings: () => settings,
    reload: async () => {},
    registerRuntimeDataSource: () => {},
  } satisfies DataSourceSrv);
}

function setPanelPluginLoader(loadPanelPlugin: (id: string) => Promise<PanelPlugin>): void {
  const loaded = new Map<string, PanelPlugin>();
  setPluginImportUtils({
    getPanelPluginFromCache: (id) => loaded.get(id),
    importPanelPlugin: async (id) => {
      const plugin = await loadPanelPlugin(id);
      loaded.set(id, plugin);
      return plugin;
    },
  });
}

/** Loads types of panels, so that scenes find them at once. One that fails is said by the panels that are of it. */
export async function importPanelTypes(ids: readonly string[]): Promise<void> {
  const { importPanelPlugin } = getPluginImportUtils();
  await Promise.allSettled(ids.map((id) => importPanelPlugin(id)));
}
