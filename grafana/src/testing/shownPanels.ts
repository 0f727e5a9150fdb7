import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';

/** What Grafana makes of `$__rate_interval`: four times the shortest step, as long as the time range is short. */
export const RATE_INTERVAL = '40s';
/** And of `$__interval`, where a panel asks for 5 s at least. */
const INTERVAL = '5s';

/** What a target of ours holds in the finished JSON. */
interface Target {
  refId: string;
  expr: string;
  instant: boolean;
  range: boolean;
  format?: string;
  legendFormat?: string;
  datasource: { type: string; uid: string };
}

/** A panel as a reader sees it: repeated ones once for each ASE, with its name in place of the variable. */
export interface ShownPanel {
  title: string;
  panel: Panel;
  targets: Target[];
  /** The ASE that the panel is about, when it is repeated. */
  instance: string | undefined;
}

/** The variables of a board, all of them at All. */
export interface Chosen {
  instances: string[];
  assets: string[];
  /** The testnet unless said otherwise; the sources that tell it have the names of the ASEs. */
  network?: string;
}

/** All panels of a board but its rows, in the order of the page. */
export function shownPanels(board: Dashboard, chosen: Chosen): ShownPanel[] {
  const shown: ShownPanel[] = [];
  let rowRepeats = false;
  for (const panel of (board.panels ?? []) as (Panel | RowPanel)[]) {
    if (panel.type === 'row') {
      rowRepeats = panel.repeat === 'instance';
      continue;
    }
    const instances = rowRepeats || panel.repeat === 'instance' ? chosen.instances : [undefined];
    for (const instance of instances) shown.push(show(panel as Panel, instance, chosen));
  }
  return shown;
}

/** Puts values in place of Grafana's variables, as Grafana does for Prometheus. */
export function interpolate(text: string, instance: string | undefined, chosen: Chosen): string {
  const anyOf = (values: string[]) => (values.length === 1 ? values[0]! : `(${values.join('|')})`);
  return text
    .replaceAll('$instance', instance ?? anyOf(chosen.instances))
    .replaceAll('$asset', anyOf(chosen.assets))
    .replaceAll('$network', chosen.network ?? 'testnet')
    .replaceAll('$source', anyOf(chosen.instances))
    .replaceAll('$__interval', INTERVAL)
    .replaceAll('$__rate_interval', RATE_INTERVAL);
}

function show(panel: Panel, instance: string | undefined, chosen: Chosen): ShownPanel {
  const targets = (panel.targets ?? []) as unknown as Target[];
  return {
    title: interpolate(panel.title ?? '', instance, chosen),
    panel,
    instance,
    targets: targets.map((target) => ({ ...target, expr: interpolate(target.expr, instance, chosen) })),
  };
}
