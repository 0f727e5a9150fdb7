/** Dashboard JSON → variables of a scene. */
import { type DataSourceRef, VariableRefresh } from '@grafana/data';
import {
  ConstantVariable,
  CustomVariable,
  DataSourceVariable,
  IntervalVariable,
  QueryVariable,
  type SceneVariable,
  SceneVariableSet,
  TextBoxVariable,
} from '@grafana/scenes';
import type { VariableModel } from './dashboardModel.ts';

const PROMETHEUS: DataSourceRef = { type: 'prometheus', uid: 'prometheus' };

/** Kinds that the viewer does not know are left out; panels that use them show the variable's name. */
export function buildVariables(models: VariableModel[]): SceneVariableSet {
  return new SceneVariableSet({
    variables: models.map(buildVariable).filter((variable) => variable !== undefined),
  });
}

/** The viewer has one data source, so a panel's own reference (maybe a variable) leads there. */
export const dataSourceRef = (ref: DataSourceRef | string | null | undefined): DataSourceRef =>
  typeof ref === 'object' && ref?.type === 'prometheus' && !ref.uid?.startsWith('$') ? ref : PROMETHEUS;

function buildVariable(model: VariableModel): SceneVariable | undefined {
  const base = {
    name: model.name,
    label: model.label ?? undefined,
    description: model.description ?? null,
    hide: model.hide,
    skipUrlSync: model.skipUrlSync,
  };
  const query = queryText(model);
  switch (model.type) {
    case 'query':
      return new QueryVariable({
        ...base,
        ...currentOf(model),
        ...choiceOf(model),
        query,
        datasource: dataSourceRef(model.datasource),
        regex: model.regex ?? '',
        sort: model.sort,
        refresh: model.refresh || VariableRefresh.onDashboardLoad,
      });
    case 'custom':
      return new CustomVariable({ ...base, ...currentOf(model), ...choiceOf(model), query });
    case 'constant':
      return new ConstantVariable({ ...base, value: query });
    case 'textbox':
      return new TextBoxVariable({ ...base, value: String(model.current?.value || query) });
    case 'interval':
      return new IntervalVariable({
        ...base,
        value: String(model.current?.value ?? ''),
        intervals: query.split(','),
        autoEnabled: model.auto ?? false,
        autoStepCount: model.auto_count ?? 30,
        autoMinInterval: model.auto_min ?? '10s',
        refresh: model.refresh ?? VariableRefresh.onTimeRangeChanged,
      });
    case 'datasource':
      return new DataSourceVariable({
        ...base,
        ...choiceOf(model),
        value: PROMETHEUS.uid!,
        text: 'Prometheus',
        pluginId: query,
      });
    default:
      return undefined;
  }
}

const queryText = ({ query, definition }: VariableModel): string =>
  (typeof query === 'string' ? query : query?.query) ?? definition ?? '';

function currentOf({ current, multi }: VariableModel) {
  const none = multi ? [] : '';
  return { value: current?.value ?? none, text: current?.text ?? none };
}

function choiceOf(model: VariableModel) {
  const hasCurrent = model.current?.value !== undefined && model.current.value.length > 0;
  return {
    isMulti: model.multi ?? false,
    includeAll: model.includeAll ?? false,
    allValue: model.allValue ?? undefined,
    defaultToAll: Boolean(model.includeAll) && !hasCurrent,
    allowCustomValue: model.allowCustomValue ?? true,
  };
}
