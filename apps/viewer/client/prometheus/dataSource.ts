/** The data source that Grafana's scenes talk to: panel queries, variables and annotations from Prometheus. */
import {
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  DataSourceApi,
  type DataSourceInstanceSettings,
  type MetricFindValue,
  PluginType,
  type ScopedVars,
  type TimeRange,
} from '@grafana/data';
import { type SceneObject, SceneQueryRunner } from '@grafana/scenes';
import { Observable } from 'rxjs';
import { annotationSupport } from './annotations.ts';
import { exemplarFrame } from './exemplars.ts';
import { toFrames } from './frames.ts';
import { gridOf } from './grid.ts';
import { createPrometheusHttp, type PrometheusHttp } from './httpClient.ts';
import { formatForPromql } from './interpolation.ts';
import { intervalVariables, stepMs } from './intervals.ts';
import { showsNothing } from './showsNothing.ts';
import type { PrometheusTarget } from './target.ts';
import { findVariableValues } from './variableQuery.ts';

export type Interpolate = (
  text: string,
  vars: ScopedVars,
  format?: string | typeof formatForPromql,
) => string;

export class PrometheusDataSource extends DataSourceApi<PrometheusTarget> {
  override readonly interval: string;
  override annotations = annotationSupport;
  readonly #http: PrometheusHttp;
  readonly #interpolate: Interpolate;

  constructor(settings: DataSourceInstanceSettings, interpolate: Interpolate) {
    super(settings);
    this.interval = (settings.jsonData as { timeInterval?: string }).timeInterval ?? '15s';
    this.#http = createPrometheusHttp(settings.url ?? '');
    this.#interpolate = interpolate;
  }

  /** Unsubscribing aborts the requests: a newer query supersedes an older one. */
  override query(request: DataQueryRequest<PrometheusTarget>): Observable<DataQueryResponse> {
    return new Observable((subscriber) => {
      const abort = new AbortController();
      // One time for all of a panel's queries: tables are joined on it.
      const to = endMs(request.range);
      const targets = request.targets.filter((target) => !target.hide && target.expr);
      Promise.all(targets.map((target) => this.#run(target, request, to, abort.signal))).then(
        (frames) => {
          subscriber.next({ data: nameTableValues(frames.flat(), targets) });
          subscriber.complete();
        },
        (error: unknown) => subscriber.error(error),
      );
      return () => abort.abort();
    });
  }

  override metricFindQuery(
    query: string | { query?: string },
    options: { scopedVars?: ScopedVars; range?: TimeRange } = {},
  ): Promise<MetricFindValue[]> {
    const text = typeof query === 'string' ? query : (query.query ?? '');
    const interpolated = this.#interpolate(text, options.scopedVars ?? {}, formatForPromql);
    return findVariableValues(this.#http, interpolated, options.range);
  }

  override async testDatasource(): Promise<{ status: string; message: string }> {
    await this.#http.query('vector(1)', Date.now() / 1000);
    return { status: 'success', message: 'Prometheus answers.' };
  }

  async #run(
    target: PrometheusTarget,
    request: DataQueryRequest<PrometheusTarget>,
    to: number,
    signal: AbortSignal,
  ): Promise<DataFrame[]> {
    const { range, scopedVars } = request;
    const minInterval = this.#interpolate(target.interval ?? '', scopedVars).replace(/^>/, '');
    const step = stepMs(
      range,
      request.maxDataPoints ?? 1000,
      minInterval || request.interval || this.interval,
      target.intervalFactor,
    );
    const vars = { ...scopedVars, ...intervalVariables(range, step, minInterval || this.interval) };
    const expr = this.#interpolate(target.expr, vars, formatForPromql);
    const legendFormat = this.#interpolate(target.legendFormat ?? '', vars);
    const named = { ...target, legendFormat };
    const from = range.from.valueOf();
    const frames: DataFrame[] = [];
    // They are an addition: without them the panel is still right.
    const exemplars = target.exemplar
      ? this.#http.queryExemplars(expr, { start: from / 1000, end: to / 1000 }, signal).catch(() => [])
      : [];
    if (target.range || !target.instant) {
      const grid = gridOf(from, to, step, isAskedInVain(scopedVars));
      frames.push(...toFrames(named, expr, await this.#http.queryRange(expr, grid, signal), step));
    }
    const found = await exemplars;
    if (found.length > 0) frames.push(exemplarFrame(target.refId, found));
    if (target.instant) {
      frames.push(...toFrames(named, expr, await this.#http.query(expr, to / 1000, signal), step));
    }
    return frames;
  }
}

/** Whether a panel asks that got an answer already and found nothing in it. */
function isAskedInVain({ __sceneObject }: ScopedVars): boolean {
  const asker = (__sceneObject?.value as { valueOf(): SceneObject } | undefined)?.valueOf();
  return asker instanceof SceneQueryRunner && showsNothing(asker);
}

/** A panel that asks again between two refreshes of its board means the now of its question. */
const endMs = ({ raw, to }: TimeRange): number =>
  raw.to === 'now' ? Math.max(Date.now(), to.valueOf()) : to.valueOf();

/** Settings as Grafana keeps them for a provisioned Prometheus. */
export function prometheusSettings(url: string, name: string, sampleInterval: string) {
  const settings: DataSourceInstanceSettings = {
    id: 1,
    uid: 'prometheus',
    type: 'prometheus',
    name,
    url,
    access: 'proxy',
    readOnly: true,
    isDefault: true,
    jsonData: { timeInterval: sampleInterval } as DataSourceInstanceSettings['jsonData'],
    meta: {
      id: 'prometheus',
      name: 'Prometheus',
      type: PluginType.datasource,
      module: '',
      baseUrl: '',
      info: {
        author: { name: '' },
        description: '',
        links: [],
        logos: { large: '', small: '' },
        screenshots: [],
        updated: '',
        version: '',
      },
    },
  };
  return settings;
}

/** With several tables in one panel their value columns need different names to be joined. */
function nameTableValues(frames: DataFrame[], targets: PrometheusTarget[]): DataFrame[] {
  if (targets.filter(({ format }) => format === 'table').length < 2) return frames;
  for (const frame of frames) {
    for (const field of frame.fields) if (field.name === 'Value') field.name = `Value #${frame.refId}`;
  }
  return frames;
}
