/** Shared by the panels that reduce each series to one value. */
import { VizOrientation } from '@grafana/schema';

export const SINGLE_STAT_DEFAULTS = {
  reduceOptions: { calcs: ['lastNotNull'], values: false, fields: '' },
  orientation: VizOrientation.Auto,
};
