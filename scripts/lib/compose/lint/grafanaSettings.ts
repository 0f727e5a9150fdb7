import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { ROOT } from '../../settings.ts';

/**
 * The settings of Grafana 13.2 that the playground may use, by section as in its conf/defaults.ini and
 * https://grafana.com/docs/grafana/v13.2/setup-grafana/configure-grafana/. Grafana itself says nothing about a
 * variable whose name it does not know, so a misspelt one would be a setting that is not made.
 */
const DOCUMENTED: Record<string, readonly string[]> = {
  analytics: [
    'enabled',
    'reporting_enabled',
    'check_for_updates',
    'check_for_plugin_updates',
    'feedback_links_enabled',
  ],
  'auth.anonymous': ['enabled', 'org_role'],
  dashboards: ['default_home_dashboard_path', 'min_refresh_interval'],
  log: ['mode', 'level'],
  news: ['news_feed_enabled'],
  paths: ['data', 'logs', 'plugins', 'provisioning'],
  plugins: ['disable_plugins', 'preinstall_auto_update', 'preinstall_disabled'],
  security: [
    'admin_password',
    'allow_embedding',
    'content_security_policy',
    'content_security_policy_template',
    'disable_gravatar',
  ],
  server: ['http_addr', 'http_port', 'root_url'],
  snapshots: ['external_enabled'],
  users: ['allow_sign_up'],
};

/** Names that Grafana would overlook. `…__FILE` is the image's own way to read a value from a file. */
export function unknownSettings(environment: Record<string, string | null>): string[] {
  const known = new Set(
    Object.entries(DOCUMENTED).flatMap(([section, keys]) =>
      keys.map((key) => `GF_${section}_${key}`.replace(/\W/g, '_').toUpperCase()),
    ),
  );
  return Object.keys(environment).filter(
    (name) => name.startsWith('GF_') && !known.has(name.replace(/__FILE$/, '')),
  );
}

/** https://grafana.com/docs/grafana/v13.2/administration/provisioning/, as far as it is used; nothing else passes. */
const DATA_SOURCES = z.strictObject({
  apiVersion: z.literal(1),
  prune: z.boolean().optional(),
  datasources: z.array(
    z.strictObject({
      name: z.string(),
      uid: z.string().regex(/^[\w-]{1,40}$/),
      type: z.literal('prometheus'),
      access: z.literal('proxy'),
      url: z.string().regex(/^\$\{PROMETHEUS_URL\}$/),
      isDefault: z.boolean().optional(),
      editable: z.literal(false),
      jsonData: z.strictObject({
        httpMethod: z.enum(['GET', 'POST']).optional(),
        timeInterval: z
          .string()
          .regex(/^\d+(ms|s|m)$/)
          .optional(),
        prometheusType: z.enum(['Prometheus', 'Cortex', 'Mimir', 'Thanos']).optional(),
        prometheusVersion: z.string().optional(),
        manageAlerts: z.boolean().optional(),
        exemplarTraceIdDestinations: z
          .array(
            z.strictObject({
              name: z.string(),
              url: z.string().regex(/^\$\{TRACES_URL\}\//),
              urlDisplayLabel: z.string().optional(),
            }),
          )
          .optional(),
        disableMetricsLookup: z.boolean().optional(),
        incrementalQuerying: z.boolean().optional(),
      }),
    }),
  ),
});
const LOGS = z.strictObject({
  apiVersion: z.literal(1),
  deleteDatasources: z.array(z.strictObject({ name: z.string(), orgId: z.int() })).optional(),
  datasources: z
    .array(
      z.strictObject({
        name: z.literal('Loki'),
        uid: z.literal('loki'),
        type: z.literal('loki'),
        access: z.literal('proxy'),
        url: z.literal('http://loki:3100'),
        editable: z.literal(false),
        jsonData: z.strictObject({
          maxLines: z.int().optional(),
          manageAlerts: z.boolean().optional(),
        }),
      }),
    )
    .optional(),
});
const DASHBOARDS = z.strictObject({
  apiVersion: z.literal(1),
  providers: z.array(
    z.strictObject({
      name: z.string(),
      orgId: z.int().optional(),
      folder: z.string().optional(),
      folderUid: z
        .string()
        .regex(/^[\w-]{1,40}$/)
        .optional(),
      type: z.literal('file'),
      disableDeletion: z.boolean().optional(),
      allowUiUpdates: z.literal(false),
      updateIntervalSeconds: z.int().min(1).optional(),
      options: z.strictObject({
        path: z.string().regex(/^\$\{DASHBOARDS_DIR\}$/),
        foldersFromFilesStructure: z.boolean().optional(),
      }),
    }),
  ),
});
const PROVISIONING = 'grafana/provisioning';

/** What of the provisioning files Grafana would not understand, or would overlook. */
export function provisioningFaults(): string[] {
  return [
    ...faultsOf(`${PROVISIONING}/datasources/prometheus.yaml`, DATA_SOURCES),
    ...faultsOf(`${PROVISIONING}/dashboards/interledger.yaml`, DASHBOARDS),
    ...['none', 'loki'].flatMap((logs) => faultsOf(`deploy/compose/logs-${logs}/datasources.yaml`, LOGS)),
  ];
}

function faultsOf(file: string, schema: z.ZodType): string[] {
  const result = schema.safeParse(parse(readFileSync(path.join(ROOT, file), 'utf8')));
  return (result.error?.issues ?? []).map((issue) => `${file}: ${issue.path.join('.')} ${issue.message}`);
}
