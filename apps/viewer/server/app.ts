import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { handleApi } from './api.ts';
import type { BuildSource } from './build.ts';
import type { DashboardStore } from './dashboards/store.ts';
import { createHostCheck } from './hostCheck.ts';
import { log } from './log.ts';
import type { ReadProxy } from './proxy/proxy.ts';
import { sendMessage } from './respond.ts';
import { securityHeaders } from './securityHeaders.ts';
import type { ViewerSettings } from './settings.ts';
import { sendPage, sendStatic } from './staticFiles.ts';

export interface ViewerParts {
  settings: ViewerSettings;
  build: BuildSource;
  dashboards: DashboardStore;
  /** Of Prometheus, and of Jaeger where there is one. */
  proxies: readonly ReadProxy[];
}

/** Everything the server answers, apart from the process it runs in. */
export function createViewerApp(parts: ViewerParts): RequestListener {
  const isAllowedHost = createHostCheck(parts.settings);
  const headers = Object.entries(securityHeaders(parts.settings.frameAncestors));
  return (request, response) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    if (!isAllowedHost(request.headers.host)) {
      return sendMessage(response, 403, 'This name is not one of this server’s. See VIEWER_ALLOWED_HOSTS.');
    }
    route(parts, request, response).catch((error: unknown) => {
      log('error', 'request failed', { method: request.method, error: String(error) });
      if (response.headersSent) response.destroy();
      else sendMessage(response, 500, 'The dashboard server failed. Its log says more.');
    });
  };
}

async function route(parts: ViewerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = '', search = ''] = splitUrl(request.url ?? '/');
  const proxy = parts.proxies.find((one) => one.isFor(path));
  if (proxy) return proxy.handle(request, response, path, search);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return sendMessage(response, 405, 'This server only shows.');
  }
  if (path.startsWith('/api/')) return handleApi(parts, response, path, new URLSearchParams(search));
  const build = await parts.build.current();
  if (sendStatic(build, request, response, path)) return undefined;
  return sendPage(build, request, response, path);
}

/** The raw path, never decoded: nothing here needs an escape, so an escaped path simply matches nothing. */
function splitUrl(url: string): [path: string, search: string] {
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}
