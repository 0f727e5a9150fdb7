/** Panel types by the id that dashboards use; each is loaded when a board first needs it. */
import { type PanelPlugin, PluginType } from '@grafana/data';
import { unknownPanel } from './unknown.tsx';

type Module = { plugin: PanelPlugin };

const LOADERS: Record<string, () => Promise<Module>> = {
  stat: () => module(import('./stat.tsx')),
  timeseries: () => module(import('./timeseries.tsx')),
  gauge: () => module(import('./gauge.tsx')),
  bargauge: () => module(import('./barGauge.tsx')),
  table: () => module(import('./table.tsx')),
  text: () => module(import('./text.tsx')),
  heatmap: () => module(import('./heatmap.tsx')),
  histogram: () => module(import('./histogram.tsx')),
  'state-timeline': () => module(import('./stateTimeline.tsx')),
};

/** A type that this viewer does not draw gives a panel that says so. */
export async function loadPanelPlugin(id: string): Promise<PanelPlugin> {
  const load = LOADERS[id];
  const plugin = load ? (await load()).plugin : unknownPanel(id);
  plugin.meta = {
    id,
    name: id,
    type: PluginType.panel,
    module: '',
    baseUrl: '',
    sort: 1,
    skipDataQuery: id === 'text',
    info: {
      author: { name: '' },
      description: '',
      links: [],
      logos: { small: '', large: '' },
      screenshots: [],
      updated: '',
      version: '',
    },
  };
  return plugin;
}

/** Plugins differ in the type of their options, which the registry does not care about. */
const module = (loading: Promise<{ plugin: unknown }>): Promise<Module> => loading as Promise<Module>;
