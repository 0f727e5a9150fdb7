import { readFileSync } from 'node:fs';
import path from 'node:path';
import { formatForPromql } from '../../../../apps/viewer/client/prometheus/interpolation.ts';
import {
  ASSET_VARIABLE,
  INSTANCE_VARIABLE,
  NETWORK_VARIABLE,
  SOURCE_VARIABLE,
} from '../../../../grafana/src/selector.ts';
import { ROOT } from '../../settings.ts';

/** One question of a board to Prometheus, as the dashboard server passes it on. */
export interface BoardQuery {
  expr: string;
  /** Undefined: an instant query. */
  stepSeconds: number | undefined;
}

/** What the variables of every board stand for: All of them, and one network. */
export interface Choice {
  ases: readonly string[];
  assets: readonly string[];
  network: string;
  /** How often ASEs export: no line over time can have a shorter step. */
  sampleSeconds: number;
}

/** The span that boards open with. */
export const BOARD_RANGE_SECONDS = 15 * 60;
/** A panel asks when it comes into view: of those that are there once for each ASE, so many are in view at once. */
const REPEATS_IN_VIEW = 4;
/** Points that a panel of middle width has room for. */
const POINTS = 600;
const FOLDER = path.join(ROOT, 'grafana/dashboards');

interface BoardJson {
  panels: PanelJson[];
}
interface PanelJson {
  title?: string;
  targets?: { expr: string; instant?: boolean; interval?: string }[];
  /** The panels of a collapsed row. */
  panels?: PanelJson[];
}

/** Every query that the board makes when it is opened. */
export function readBoardQueries(uid: string, choice: Choice): BoardQuery[] {
  return boardQueries(JSON.parse(readFileSync(path.join(FOLDER, `${uid}.json`), 'utf8')), choice);
}

export function boardQueries({ panels }: BoardJson, choice: Choice): BoardQuery[] {
  return panels
    .flatMap((panel) => [panel, ...(panel.panels ?? [])])
    .flatMap(({ title = '', targets = [] }) => {
      const isRepeated = title.includes(`$${INSTANCE_VARIABLE}`);
      const instances = isRepeated
        ? choice.ases.slice(0, REPEATS_IN_VIEW).map((ase) => [ase])
        : [[...choice.ases]];
      return instances.flatMap((ases) => targets.map((target) => queryOf(target, { ...choice, ases })));
    });
}

function queryOf(
  { expr, instant, interval = '' }: NonNullable<PanelJson['targets']>[number],
  choice: Choice,
): BoardQuery {
  const shortestSeconds = Math.max(choice.sampleSeconds, Number.parseInt(interval, 10) || 0);
  const stepSeconds = Math.max(shortestSeconds, Math.ceil(BOARD_RANGE_SECONDS / POINTS));
  const intervals = {
    __rate_interval: `${Math.max(stepSeconds + shortestSeconds, 4 * shortestSeconds)}s`,
    __interval: `${stepSeconds}s`,
  };
  return {
    expr: interpolate(expr, { ...valuesOf(choice), ...intervals }),
    stepSeconds: instant ? undefined : stepSeconds,
  };
}

function valuesOf({ ases, assets, network }: Choice): Record<string, string> {
  const several = { multi: true };
  return {
    [INSTANCE_VARIABLE]: formatForPromql([...ases], several),
    [SOURCE_VARIABLE]: formatForPromql([...ases], several),
    [ASSET_VARIABLE]: formatForPromql([...assets], several),
    [NETWORK_VARIABLE]: formatForPromql(network, undefined),
  };
}

/** Throws for a variable without a value: a query that Prometheus refuses would look like a fast one. */
function interpolate(expr: string, values: Readonly<Record<string, string>>): string {
  return expr.replaceAll(/\$\{?(\w+)\}?/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for ${whole} in ${expr}`);
    return value;
  });
}
