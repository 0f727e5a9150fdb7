import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { VerbError } from '../../errors.ts';
import { ROOT } from '../../settings.ts';
import { cacheRoot } from '../../tools/cache.ts';
import { ensureTools } from '../../tools/ensure.ts';
import type { Progress } from '../../tools/progress.ts';
import { run } from '../../tools/run.ts';

export interface RecipeContext {
  env: NodeJS.ProcessEnv;
  progress: Progress;
  say: (line: string) => void;
  signal: AbortSignal;
}

/** How an image is made that stands in for an official one. */
export interface Recipe {
  dockerfile: string;
  /** Puts everything that the Dockerfile copies into `folder`. */
  gather(folder: string, context: RecipeContext): Promise<void>;
}

/** The official images that have a stand-in, without their tags. */
export const RECIPES: Record<string, Recipe> = {
  'prom/prometheus': {
    dockerfile: 'prometheus.Dockerfile',
    async gather(folder, context) {
      const { prometheus } = await ensureTools(['prometheus'], context);
      await cp(prometheus, path.join(folder, 'prometheus'));
      const unpacked = await debianPackage('busybox-static', folder, context);
      await cp(path.join(unpacked, 'bin/busybox'), path.join(folder, 'busybox'));
    },
  },
  'prom/alertmanager': {
    dockerfile: 'alertmanager.Dockerfile',
    async gather(folder, context) {
      const { alertmanager, amtool } = await ensureTools(['alertmanager', 'amtool'], context);
      await cp(alertmanager, path.join(folder, 'alertmanager'));
      await cp(amtool, path.join(folder, 'amtool'));
      const unpacked = await debianPackage('busybox-static', folder, context);
      await cp(path.join(unpacked, 'bin/busybox'), path.join(folder, 'busybox'));
    },
  },
  'jaegertracing/jaeger': {
    dockerfile: 'jaeger.Dockerfile',
    async gather(folder, context) {
      const { jaeger } = await ensureTools(['jaeger'], context);
      await cp(jaeger, path.join(folder, 'jaeger'));
      const unpacked = await debianPackage('busybox-static', folder, context);
      await cp(path.join(unpacked, 'bin/busybox'), path.join(folder, 'busybox'));
    },
  },
  'otel/opentelemetry-collector-contrib': {
    dockerfile: 'collector.Dockerfile',
    async gather(folder, context) {
      const { otelcol } = await ensureTools(['otelcol'], context);
      await cp(otelcol, path.join(folder, 'otelcol'));
      await cp(CERTIFICATES, path.join(folder, 'ca-certificates.crt'));
    },
  },
  'grafana/k6': {
    dockerfile: 'k6.Dockerfile',
    async gather(folder, context) {
      const { k6 } = await ensureTools(['k6'], context);
      await cp(k6, path.join(folder, 'k6'));
    },
  },
  haproxy: {
    dockerfile: 'haproxy.Dockerfile',
    async gather(folder, context) {
      await cp(await debianSystem(context), path.join(folder, 'debian.tar'));
      const files = path.join(folder, 'files');
      for (const name of HAPROXY_PACKAGES) {
        await cp(await debianPackage(name, folder, context), files, {
          recursive: true,
          verbatimSymlinks: true,
        });
      }
      await must(
        'tar',
        ['--sort=name', '--mtime=@0', '-C', files, '-cf', path.join(folder, 'haproxy.tar'), 'usr'],
        context,
      );
      const unpacked = await debianPackage('busybox-static', folder, context);
      await cp(path.join(unpacked, 'bin/busybox'), path.join(folder, 'busybox'));
    },
  },
  node: {
    dockerfile: 'node.Dockerfile',
    async gather(folder, context) {
      await cp(await debianSystem(context), path.join(folder, 'debian.tar'));
      await cp(nodeProgram(), path.join(folder, 'node'));
      await cp(CERTIFICATES, path.join(folder, 'ca-certificates.crt'));
      await npmPackage(folder, context);
    },
  },
};

const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
/** With the libraries that Debian's smallest system does not have. */
const HAPROXY_PACKAGES = [
  'haproxy',
  'liblua5.3-0',
  'libopentracing-c-wrapper0',
  'libopentracing1',
  'libssl3',
];
const NPM_VERSION = '11.19.1';
const DEBIAN_RELEASE = 'bookworm';
const DEBIAN_MIRROR = 'http://deb.debian.org/debian';
/** Nothing in a container reads them; devices and kernel files the engine provides. */
const LEFT_OUT = [
  './dev/*',
  './proc/*',
  './sys/*',
  './var/cache/apt/archives/*.deb',
  './var/lib/apt/lists/*',
  './usr/share/doc/*',
  './usr/share/man/*',
  './usr/share/locale/*',
];

/** The Node that the repository pins, which npm has brought; else the one that runs this. */
function nodeProgram(): string {
  const pinned = path.join(ROOT, 'node_modules/node/bin/node');
  return existsSync(pinned) ? pinned : process.execPath;
}

async function npmPackage(folder: string, { env, signal }: RecipeContext): Promise<void> {
  const words = ['pack', `npm@${NPM_VERSION}`, '--silent', '--pack-destination', folder];
  await must('npm', words, { cwd: folder, env, signal });
  await rename(path.join(folder, `npm-${NPM_VERSION}.tgz`), path.join(folder, 'npm.tgz'));
}

/** Debian's smallest system as a tar archive, kept in the cache: making it takes half a minute. */
async function debianSystem(context: RecipeContext): Promise<string> {
  const cache = path.join(cacheRoot(context.env), 'stand-ins');
  const archive = path.join(cache, `debian-${DEBIAN_RELEASE}.tar`);
  if (existsSync(archive)) return archive;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(path.join(cache, 'debian.tmp-'));
  try {
    await context.progress.step(`making a Debian ${DEBIAN_RELEASE} system`, async () => {
      const debootstrap = await debianPackage('debootstrap', work, context);
      const env = { ...context.env, DEBOOTSTRAP_DIR: path.join(debootstrap, 'usr/share/debootstrap') };
      const system = path.join(work, 'system');
      const script = path.join(debootstrap, 'usr/sbin/debootstrap');
      const words = ['--variant=minbase', DEBIAN_RELEASE, system, DEBIAN_MIRROR];
      await must(script, words, { env, signal: context.signal });
      const excluded = LEFT_OUT.map((pattern) => `--exclude=${pattern}`);
      const made = path.join(work, 'debian.tar');
      await must('tar', ['-C', system, ...excluded, '-cf', made, '.'], context);
      await rename(made, archive);
    });
    return archive;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** A package's files, without installing it: the machine stays as it is. */
async function debianPackage(name: string, folder: string, { env, signal }: RecipeContext): Promise<string> {
  const work = path.join(folder, `${name}.package`);
  const unpacked = path.join(work, 'unpacked');
  await mkdir(unpacked, { recursive: true });
  await must('apt-get', ['download', '-o', 'APT::Sandbox::User=root', name], { cwd: work, env, signal });
  await must('sh', ['-c', 'dpkg-deb -x *.deb unpacked'], { cwd: work, env, signal });
  return unpacked;
}

async function must(
  program: string,
  words: readonly string[],
  options: { cwd?: string; env: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<void> {
  const { ok, outcome, lines } = await run(program, words, options);
  if (!ok) throw new VerbError(`${path.basename(program)} ${words[0]}: ${outcome}`, lines.slice(-6));
}
