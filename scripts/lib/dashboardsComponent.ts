import path from 'node:path';
import {
  baseEnvironment,
  type ComponentSpec,
  dataFolder,
  loopbackUrl,
  nodeProgram,
  type Plan,
} from './component.ts';
import { jaegerUrl } from './jaegerComponent.ts';
import { ROOT, type Settings } from './settings.ts';

/** The dashboard server: the built-in viewer, or a real Grafana with the same boards under the same URLs. */
export function dashboardsComponent(plan: Plan): ComponentSpec {
  const port = plan.settings.ports.DASHBOARDS_PORT;
  const url = loopbackUrl(port);
  return {
    name: 'dashboards',
    url,
    healthUrl: `${url}/api/health`,
    listens: [{ host: plan.host, port }],
    command: plan.dashboards === 'grafana' ? grafana(plan, port) : viewer(plan, port),
  };
}

function viewer({ settings, programs, host, network }: Plan, port: number) {
  return nodeProgram(programs, 'apps/viewer/server/main.ts', 32, {
    VIEWER_HOST: host,
    VIEWER_PORT: String(port),
    PROMETHEUS_URL: loopbackUrl(settings.ports.PROMETHEUS_PORT),
    JAEGER_URL: jaegerUrl(settings, network) ?? '',
    DASHBOARDS_DIR: path.join(ROOT, 'grafana/dashboards'),
    VIEWER_FRAME_ANCESTORS: frameAncestors(settings),
  });
}

function frameAncestors({ frameAncestors }: Settings): string {
  return ["'self'", ...frameAncestors].join(' ');
}

/** Read-only for everybody who reaches it, an administrator with a generated password, no calls home. */
function grafana({ settings, programs, host }: Plan, port: number) {
  const { program, home, adminPassword } = programs.grafana!;
  const data = dataFolder(settings, 'dashboards');
  return {
    program,
    args: ['server', '--homepath', home],
    cwd: data,
    env: {
      ...baseEnvironment(),
      GF_SERVER_HTTP_ADDR: host,
      GF_SERVER_HTTP_PORT: String(port),
      GF_PATHS_DATA: data,
      GF_PATHS_LOGS: data,
      GF_PATHS_PLUGINS: path.join(data, 'plugins'),
      GF_PATHS_PROVISIONING: path.join(ROOT, 'grafana/provisioning'),
      GF_SECURITY_ADMIN_PASSWORD: adminPassword,
      // Grafana either forbids frames altogether or leaves them to the policy.
      GF_SECURITY_ALLOW_EMBEDDING: String(settings.frameAncestors.length > 0),
      GF_SECURITY_CONTENT_SECURITY_POLICY: 'true',
      GF_SECURITY_CONTENT_SECURITY_POLICY_TEMPLATE: `frame-ancestors ${frameAncestors(settings)}`,
      GF_AUTH_ANONYMOUS_ENABLED: 'true',
      GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
      GF_USERS_ALLOW_SIGN_UP: 'false',
      GF_ANALYTICS_ENABLED: 'false',
      GF_ANALYTICS_REPORTING_ENABLED: 'false',
      GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
      GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
      GF_NEWS_NEWS_FEED_ENABLED: 'false',
      GF_PLUGINS_PREINSTALL_DISABLED: 'true',
      GF_LOG_MODE: 'console',
      GF_LOG_LEVEL: 'warn',
      PROMETHEUS_URL: loopbackUrl(settings.ports.PROMETHEUS_PORT),
      TRACES_URL: loopbackUrl(settings.ports.JAEGER_PORT),
      DASHBOARDS_DIR: path.join(ROOT, 'grafana/dashboards'),
    },
  };
}
