import path from 'node:path';
import type { Command } from './processControl.ts';
import { LOOPBACK, ROOT, type Settings } from './settings.ts';
import type { AseName, Hops } from './topology.ts';

/** What `up` was asked for, with everything that the components need to know. */
export interface Plan {
  settings: Settings;
  hops: Hops;
  network: NetworkPlan;
  traffic: boolean;
  /** Prometheus fetches the ASEs' own metrics from them; else they send them to the collector. */
  pull: boolean;
  dashboards: 'viewer' | 'grafana';
  /** Where the dashboards listen; all else stays on loopback. */
  host: string;
  programs: Programs;
  /** Where the configuration that Prometheus reads has been laid out. */
  prometheusConfig: string;
  /** The same of Alertmanager; left out: no alerts are told (`up --core`). */
  alertmanagerConfig?: string | undefined;
}

/** What of network telemetry there is. */
export interface NetworkPlan {
  /** Nothing: no network collectors, and ASEs that tell no network; no usage backend either, and nobody who reports. */
  core: boolean;
  /** The ASEs that are on the livenet, and have opted in; all others are on the testnet. */
  livenet: readonly AseName[];
}

/** Programs that are not part of the repository. */
export interface Programs {
  node: string;
  otelcol: string;
  prometheus: string;
  alertmanager?: string;
  /** Left out though it is wanted: it is not here yet. */
  jaeger?: string;
  grafana?: { program: string; home: string; adminPassword: string };
}

export interface ComponentSpec {
  name: ComponentName;
  /** Where people and other components reach it; null when it does not listen. */
  url: string | null;
  /** Answers while the process does its own work. */
  healthUrl: string | null;
  /** Answers when it also has everything that it needs of others; the health URL when left out. */
  readyUrl?: string;
  /** It may come later than all others, and nothing waits for it. */
  late?: boolean;
  /** Everything that it listens on. */
  listens: { host: string; port: number }[];
  command: Command;
}

export type ComponentName = (typeof COMPONENT_NAMES)[number];

/** In the order of the data's way; background traffic comes last, when all else is ready for it. */
export const COMPONENT_NAMES = [
  'rates',
  'chain',
  'cloud-nine',
  'global-bank',
  'happy-life',
  'collector',
  // Only in containers.
  'loki',
  'testnet-balancer',
  'testnet-1',
  'testnet-2',
  'livenet-balancer',
  'livenet-1',
  'livenet-2',
  'usage',
  'prometheus',
  'jaeger',
  'alertmanager',
  'alert-sink',
  'dashboards',
  'traffic',
] as const;

/**
 * Where Node keeps compiled code, and TypeScript without its types: from the second start on a process is up sooner and
 * never loads the compiler, which is some 15 MiB.
 */
const COMPILE_CACHE = path.join(ROOT, 'node_modules/.cache/playground');

/** From here on it is an ASE, which is busy. */
const BUSY_HEAP_MIB = 96;
/** V8 may take some 25 MiB more for an ASE, and a payment costs a quarter less. More than 4 MiB hardly help. */
const BUSY_NEW_SPACE_MIB = 4;
/** The others do little: without V8's optimizing compiler they are 6 MiB smaller. */
const QUIET_FLAGS = ['--optimize-for-size', '--no-opt'];
const QUIET_NEW_SPACE_MIB = 2;

/** A program of ours: one Node process with a small heap, so that a whole playground fits beside real work. */
export function nodeProgram(
  { node }: Programs,
  script: string,
  heapMib: number,
  env: Record<string, string>,
): Command {
  const isBusy = heapMib >= BUSY_HEAP_MIB;
  return {
    program: node,
    args: [
      ...(isBusy ? [] : QUIET_FLAGS),
      `--max-old-space-size=${heapMib}`,
      `--max-semi-space-size=${isBusy ? BUSY_NEW_SPACE_MIB : QUIET_NEW_SPACE_MIB}`,
      path.join(ROOT, script),
    ],
    cwd: ROOT,
    env: {
      ...baseEnvironment(),
      NODE_ENV: 'production',
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      // glibc's allocator keeps memory for each thread, and Node has a dozen that hardly do anything.
      MALLOC_ARENA_MAX: '2',
      ...env,
    },
  };
}

export function dataFolder({ home }: Settings, name: ComponentName): string {
  return path.join(home, 'data', name);
}

export function loopbackUrl(port: number): string {
  return `http://${LOOPBACK}:${port}`;
}

/** What any program needs of its surroundings; everything else of the user's shell stays out. */
export function baseEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
