/** `?viewPanel=panel-3`: one panel fills the page. Grafana's older links say `viewPanel=3`. */
import { locationService } from '@grafana/runtime';

export function viewPanelUrl(key: string): string {
  const { pathname, search } = locationService.getLocation();
  const params = new URLSearchParams(search);
  params.set('viewPanel', key);
  return `${pathname}?${params}`;
}

export const viewPanelKey = (value: string | undefined): string | undefined =>
  value && /^\d+$/.test(value) ? `panel-${value}` : value;
