/**
 * The part of Grafana's classic dashboard JSON (schema version 36 and later) that this viewer reads.
 */
import type { AnnotationQuery, DataSourceRef, DataTransformerConfig, FieldConfigSource } from '@grafana/data';
import type { PrometheusTarget } from '../prometheus/target.ts';

export interface DashboardModel {
  uid: string;
  title: string;
  description?: string;
  tags?: string[];
  time?: { from: string; to: string };
  timezone?: string;
  weekStart?: string;
  refresh?: string | false;
  graphTooltip?: number;
  timepicker?: { refresh_intervals?: string[]; hidden?: boolean };
  templating?: { list?: VariableModel[] };
  annotations?: { list?: AnnotationModel[] };
  links?: LinkModel[];
  panels?: PanelModel[];
}

export interface GridPos {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface PanelModel {
  id?: number;
  type: string;
  title?: string;
  description?: string;
  gridPos?: GridPos;
  datasource?: DataSourceRef | string | null;
  targets?: PrometheusTarget[];
  transformations?: DataTransformerConfig[];
  options?: Record<string, unknown>;
  fieldConfig?: FieldConfigSource;
  pluginVersion?: string;
  maxDataPoints?: number | null;
  interval?: string | null;
  transparent?: boolean;
  timeFrom?: string | null;
  timeShift?: string | null;
  hideTimeOverride?: boolean;
  links?: PanelLinkModel[];
  repeat?: string;
  repeatDirection?: 'h' | 'v';
  maxPerRow?: number;
  collapsed?: boolean;
  panels?: PanelModel[];
}

export interface PanelLinkModel {
  title: string;
  url: string;
  targetBlank?: boolean;
}

export interface LinkModel {
  type: 'link' | 'dashboards';
  title: string;
  tooltip?: string;
  icon?: string;
  url?: string;
  tags?: string[];
  asDropdown?: boolean;
  targetBlank?: boolean;
  includeVars?: boolean;
  keepTime?: boolean;
}

export interface VariableModel {
  type: string;
  name: string;
  label?: string | null;
  description?: string | null;
  hide?: number;
  skipUrlSync?: boolean;
  query?: string | { query?: string };
  definition?: string;
  datasource?: DataSourceRef | string | null;
  regex?: string;
  sort?: number;
  refresh?: number;
  multi?: boolean;
  includeAll?: boolean;
  allValue?: string | null;
  allowCustomValue?: boolean;
  current?: { value?: string | string[]; text?: string | string[] };
  auto?: boolean;
  auto_count?: number;
  auto_min?: string;
}

/** Grafana's own "Annotations & Alerts" entry (`builtIn`) has no query of ours and is left out. */
export type AnnotationModel = AnnotationQuery & { builtIn?: number; expr?: string; hide?: boolean };

/** Every type of panel that a board has, also in its collapsed rows. */
export function panelTypes({ panels = [] }: DashboardModel): string[] {
  const all = panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
  return [...new Set(all.map(({ type }) => type))].filter((type) => type !== 'row');
}
