import type { ServerResponse } from 'node:http';
import type { ViewerParts } from './app.ts';
import { searchDashboards } from './dashboards/search.ts';
import { sendJson, sendMessage } from './respond.ts';

const DASHBOARD = /^\/api\/dashboards\/uid\/([A-Za-z0-9_-]{1,40})$/;

/** The part of Grafana's HTTP API that the client, the tests and the verbs use. */
export async function handleApi(
  { build, dashboards, settings }: ViewerParts,
  response: ServerResponse,
  path: string,
  params: URLSearchParams,
): Promise<void> {
  switch (path) {
    case '/api/health': {
      const { version, sourceHash } = await build.current();
      const { broken } = await dashboards.read();
      return sendJson(response, 200, {
        database: 'ok',
        version,
        commit: sourceHash.slice(0, 10),
        brokenDashboards: broken,
      });
    }
    case '/api/search': {
      const { boards } = await dashboards.read();
      return sendJson(response, 200, searchDashboards(boards, params));
    }
    case '/api/datasources/uid/prometheus':
      return sendJson(response, 200, {
        uid: 'prometheus',
        name: 'Prometheus',
        type: 'prometheus',
        access: 'proxy',
        isDefault: true,
        readOnly: true,
        jsonData: { timeInterval: settings.sampleInterval },
      });
  }
  const uid = DASHBOARD.exec(path)?.[1];
  if (uid === undefined) return sendMessage(response, 404, 'Not found');
  const { boards } = await dashboards.read();
  const board = boards.find((candidate) => candidate.uid === uid);
  if (!board) return sendMessage(response, 404, 'Dashboard not found');
  return sendJson(response, 200, {
    dashboard: board.dashboard,
    meta: {
      type: 'db',
      canSave: false,
      canEdit: false,
      canAdmin: false,
      canStar: false,
      canDelete: false,
      slug: board.slug,
      url: board.url,
      version: 1,
      isFolder: false,
      folderUid: board.folder.uid,
      folderTitle: board.folder.title,
      provisioned: true,
      provisionedExternalId: board.file,
    },
  });
}
