import { type DataFrame, FieldType, LoadingState, type PanelData, type PanelProps } from '@grafana/data';
import type { ComponentType } from 'react';
import { PanelMessage } from './PanelMessage.tsx';

/**
 * Before a panel draws: a query that failed is said in words (stale numbers would lie), so is a query that
 * found nothing, with the panel's own `noValue` text if it has one.
 */
export function withDataState<T>(
  Panel: ComponentType<PanelProps<T>>,
  hasData: (series: DataFrame[]) => boolean = hasNumbers,
): ComponentType<PanelProps<T>> {
  return function PanelWithDataState(props: PanelProps<T>) {
    const { data, fieldConfig } = props;
    if (data.state === LoadingState.Error) {
      return <PanelMessage tone="error">{errorText(data)}</PanelMessage>;
    }
    if (!hasData(data.series)) {
      if (data.state === LoadingState.Loading || data.state === LoadingState.NotStarted) return null;
      return <PanelMessage>{fieldConfig.defaults.noValue || 'No data'}</PanelMessage>;
    }
    return <Panel {...props} />;
  };
}

export const hasNumbers = (series: DataFrame[]): boolean => hasField(series, FieldType.number);

export const hasAnything = (series: DataFrame[]): boolean =>
  series.some((frame) => frame.length > 0 && frame.fields.length > 0);

function hasField(series: DataFrame[], type: FieldType): boolean {
  return series.some((frame) => frame.length > 0 && frame.fields.some((field) => field.type === type));
}

function errorText(data: PanelData): string {
  const error = data.errors?.[0];
  return error?.data?.message || error?.message || 'The query failed.';
}
