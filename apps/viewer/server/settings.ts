import { z } from 'zod';
import { FRAME_ORIGIN } from './securityHeaders.ts';

/** What the viewer's server can be told, by environment variables. */
export interface ViewerSettings {
  host: string;
  port: number;
  /** Base URL of Prometheus, without `/api/v1`. */
  prometheusUrl: URL;
  /** Base URL of Jaeger's query API; undefined: there are no traces. */
  jaegerUrl: URL | undefined;
  /** How often Prometheus gets new samples, such as `1s`: the shortest step of a query. */
  sampleInterval: string;
  dashboardsDir: string;
  /** Who may show this site in a frame, as in the Content-Security-Policy. */
  frameAncestors: string;
  /** Names besides loopback and IP addresses under which browsers may ask. */
  allowedHosts: string[];
}

const FRAME_WORDS = ["'self'", "'none'"];
const HOST_NAME = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i;

/** Every variable that the server reads. */
export const schema = z.object({
  VIEWER_HOST: z.string().min(1).default('127.0.0.1'),
  VIEWER_PORT: z.coerce.number().int().min(0).max(65_535).default(13_000),
  PROMETHEUS_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http(s) URL' })
    .default('http://127.0.0.1:19090'),
  JAEGER_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).optional(),
  VIEWER_SAMPLE_INTERVAL: z
    .string()
    .regex(/^[1-9]\d*(ms|s|m)$/, 'must be a duration such as 1s or 500ms')
    .default('1s'),
  DASHBOARDS_DIR: z.string().min(1).default('grafana/dashboards'),
  VIEWER_FRAME_ANCESTORS: z
    .string()
    .refine((text) => words(text).length > 0 && words(text).every(isFrameSource), {
      error: "must be 'self', 'none' or origins such as https://example.org, separated by spaces",
    })
    .default("'self'"),
  VIEWER_ALLOWED_HOSTS: z
    .string()
    .refine((text) => list(text).every((name) => HOST_NAME.test(name)), {
      error: 'must be host names without port, separated by commas',
    })
    .default(''),
});

export type SettingsResult = { settings: ViewerSettings } | { problems: string[] };

/** Reads the settings, or names everything that is wrong with them. */
export function parseSettings(env: Record<string, string | undefined>): SettingsResult {
  const known = Object.keys(schema.shape).map((name) => [name, env[name] || undefined]);
  const result = schema.safeParse(Object.fromEntries(known));
  if (!result.success) {
    return { problems: result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) };
  }
  const value = result.data;
  return {
    settings: {
      host: value.VIEWER_HOST,
      port: value.VIEWER_PORT,
      prometheusUrl: new URL(value.PROMETHEUS_URL),
      jaegerUrl: value.JAEGER_URL === undefined ? undefined : new URL(value.JAEGER_URL),
      sampleInterval: value.VIEWER_SAMPLE_INTERVAL,
      dashboardsDir: value.DASHBOARDS_DIR,
      frameAncestors: words(value.VIEWER_FRAME_ANCESTORS).join(' '),
      allowedHosts: list(value.VIEWER_ALLOWED_HOSTS).map((name) => name.toLowerCase()),
    },
  };
}

const isFrameSource = (word: string): boolean => FRAME_WORDS.includes(word) || FRAME_ORIGIN.test(word);
const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);
const list = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
