/** One query of a panel, as Grafana's Prometheus data source stores it. */
import type { DataQuery } from '@grafana/schema';

export interface PrometheusTarget extends DataQuery {
  expr: string;
  legendFormat?: string;
  format?: 'time_series' | 'table' | 'heatmap';
  instant?: boolean;
  range?: boolean;
  /** Also the single measurements that stand behind it, with their traces. */
  exemplar?: boolean;
  /** Smallest step, such as `1m`; may hold a variable. */
  interval?: string;
  intervalFactor?: number;
}
