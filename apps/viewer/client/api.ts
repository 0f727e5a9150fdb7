/** What this viewer's server answers; the shapes are Grafana's. */
import type { DashboardModel } from './board/dashboardModel.ts';

export interface SearchHit {
  uid: string;
  title: string;
  url: string;
  type: 'dash-db' | 'dash-folder';
  tags: string[];
  description?: string;
  folderTitle?: string;
}

export interface DashboardResponse {
  dashboard: DashboardModel;
  meta: { url: string; folderTitle: string };
}

export interface DataSourceResponse {
  uid: string;
  name: string;
  jsonData: { timeInterval: string };
}

export interface HealthResponse {
  version: string;
  brokenDashboards: Array<{ file: string; problem: string }>;
}

export class ApiError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const searchBoards = (): Promise<SearchHit[]> => getJson('/api/search?type=dash-db');
export const loadHealth = (): Promise<HealthResponse> => getJson('/api/health');
export const loadDataSource = (): Promise<DataSourceResponse> => getJson('/api/datasources/uid/prometheus');
export const loadBoard = (uid: string): Promise<DashboardResponse> =>
  getJson(`/api/dashboards/uid/${encodeURIComponent(uid)}`);

async function getJson<T>(path: string): Promise<T> {
  const response = await fetch(path, { headers: { accept: 'application/json' } }).catch(() => {
    throw new ApiError(0, 'The dashboard server does not answer. Is the playground up?');
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new ApiError(response.status, messageOf(body) ?? `HTTP ${response.status}`);
  return body as T;
}

function messageOf(body: unknown): string | undefined {
  const message = (body as { message?: unknown } | undefined)?.message;
  return typeof message === 'string' ? message : undefined;
}
