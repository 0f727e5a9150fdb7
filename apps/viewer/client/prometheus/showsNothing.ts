import { LoadingState } from '@grafana/data';
import type { SceneQueryRunner } from '@grafana/scenes';
import { isExemplars } from './exemplars.ts';

/** Whether the last answer to a panel's queries is there and has nothing in it: exemplars alone make no graph. */
export function showsNothing({ state: { data } }: SceneQueryRunner): boolean {
  return (
    data?.state === LoadingState.Done && !data.series.some((frame) => frame.length > 0 && !isExemplars(frame))
  );
}
