import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createViewerApp } from '../app.ts';
import { openBuild } from '../build.ts';
import { createDashboardStore } from '../dashboards/store.ts';
import { createReadProxy, type ProxyOptions } from '../proxy/proxy.ts';
import { parseSettings } from '../settings.ts';

export interface Viewer {
  port: number;
  dashboardsDir: string;
  stop(): Promise<void>;
}

/** A whole viewer on a free port, with a bundle of two files, before the given stand-in for Prometheus. */
export async function startViewer(
  upstream: Server | URL,
  env: Record<string, string> = {},
  limits: Partial<ProxyOptions> = {},
): Promise<Viewer> {
  const folder = await mkdtemp(join(tmpdir(), 'viewer-test-'));
  await Promise.all([
    writeFile(join(folder, 'index.html'), '<!doctype html><title>page</title>'),
    writeFile(join(folder, 'script.js'), 'let one;'),
    writeFile(join(folder, 'script.js.br'), 'brotli'),
    writeFile(join(folder, 'build.json'), '{"version":"1.2.3","sourceHash":"0123456789abcdef"}'),
  ]);
  const dashboardsDir = await mkdtemp(join(tmpdir(), 'viewer-test-boards-'));
  const prometheusUrl = upstream instanceof URL ? upstream : urlOf(upstream);
  const result = parseSettings({ PROMETHEUS_URL: prometheusUrl.href, DASHBOARDS_DIR: dashboardsDir, ...env });
  if ('problems' in result) throw new Error(result.problems.join('\n'));
  const { jaegerUrl } = result.settings;
  const proxies = [
    createReadProxy('prometheus', { upstream: prometheusUrl, ...limits }),
    ...(jaegerUrl ? [createReadProxy('jaeger', { upstream: jaegerUrl, ...limits })] : []),
  ];
  const app = createViewerApp({
    settings: result.settings,
    build: await openBuild(folder),
    proxies,
    dashboards: createDashboardStore(dashboardsDir),
  });
  const server = await listen(app);
  return {
    port: (server.address() as AddressInfo).port,
    dashboardsDir,
    async stop() {
      for (const proxy of proxies) proxy.close();
      server.closeAllConnections();
      server.close();
      await Promise.all([folder, dashboardsDir].map((path) => rm(path, { recursive: true })));
    },
  };
}

/** A server on a free loopback port. */
export async function listen(listener: RequestListener): Promise<Server> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

export function urlOf(server: Server): URL {
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Sends a request with exactly this path: `fetch` would tidy it up first. */
export function ask(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: object; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, path, method, headers: { ...headers }, agent: false },
      async (incoming) => {
        const chunks: Buffer[] = [];
        for await (const chunk of incoming) chunks.push(chunk);
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text });
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}
