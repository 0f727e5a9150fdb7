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
export function loadBoard(uid: string): Promise<DashboardResponse> {
  const asked = askedEarly?.uid === uid ? askedEarly.answer : undefined;
  askedEarly = undefined;
  return asked ? asked.catch((error: unknown) => askAgain(uid, error)) : askBoard(uid);
}

/** A connection that broke while the page was loading is no reason to have no board. */
function askAgain(uid: string, error: unknown): Promise<DashboardResponse> {
  if (error instanceof ApiError && error.status === 0) return askBoard(uid);
  throw error;
}

interface AskedEarly {
  uid: string;
  answer: Promise<DashboardResponse>;
  /** The answer, when it is there. */
  response?: DashboardResponse;
}

let askedEarly: AskedEarly | undefined;

/** Asks for the board of a page's path, if it has one, while the program that will draw it is still loading. */
export function askBoardEarly(path: string): void {
  const uid = /^\/d\/([^/]+)/.exec(path)?.[1];
  if (uid === undefined) return;
  const asked: AskedEarly = { uid, answer: askBoard(uid) };
  asked.answer.then(
    (response) => {
      asked.response = response;
    },
    // Whoever takes the answer hears of the failure; nobody may.
    () => {},
  );
  askedEarly = asked;
}

/** What `askBoardEarly` was answered, if it asked; `undefined` also if that failed, which `loadBoard` will say. */
export const earlyBoard = async (): Promise<DashboardResponse | undefined> =>
  askedEarly?.answer.catch(() => undefined);

/** The same, if it is there by now. It is given once: who comes back to a board gets it as it is then. */
export function takeEarlyBoard(uid: string): DashboardResponse | undefined {
  if (askedEarly?.uid !== uid || !askedEarly.response) return undefined;
  const { response } = askedEarly;
  askedEarly = undefined;
  return response;
}

const askBoard = (uid: string): Promise<DashboardResponse> =>
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
