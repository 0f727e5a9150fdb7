import { LoadingState } from '@grafana/data';
import type { SceneQueryRunner } from '@grafana/scenes';

/** Whether the last answer to a panel's queries is there and has nothing in it. */
export function showsNothing({ state: { data } }: SceneQueryRunner): boolean {
  return data?.state === LoadingState.Done && !data.series.some(({ length }) => length > 0);
}
