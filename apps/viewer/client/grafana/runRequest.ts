/** Runs one panel's queries and tells the panel how they fare: loading, then done or failed. */
import {
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceApi,
  LoadingState,
  type PanelData,
  preProcessPanelData,
} from '@grafana/data';
import { toDataQueryError } from '@grafana/runtime';
import { catchError, from, map, merge, type Observable, of, share, takeUntil, timer } from 'rxjs';

/**
 * A query that answers sooner than this never shows the loading bar: no flicker at each refresh, and no panel that is
 * rendered for it while the page, which opens a board, has enough to do.
 */
const LOADING_AFTER_MS = 500;

export function runRequest(dataSource: DataSourceApi, request: DataQueryRequest): Observable<PanelData> {
  const base = { request, timeRange: request.range, series: [] };
  const answer = from(dataSource.query(request) as Observable<DataQueryResponse>).pipe(
    map(
      (response): PanelData =>
        preProcessPanelData(
          {
            ...base,
            series: response.data as PanelData['series'],
            state: response.errors?.length ? LoadingState.Error : LoadingState.Done,
            errors: response.errors,
          },
          undefined,
        ),
    ),
    catchError((error: unknown) =>
      of<PanelData>({ ...base, state: LoadingState.Error, errors: [toDataQueryError(error)] }),
    ),
    share(),
  );
  const loading = timer(LOADING_AFTER_MS).pipe(
    map((): PanelData => ({ ...base, state: LoadingState.Loading })),
    takeUntil(answer),
  );
  return merge(loading, answer);
}
