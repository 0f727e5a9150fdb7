import { existsSync, realpathSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { readEnv } from './env.ts';
import { messageOf, VerbError } from './errors.ts';
import { get } from './http.ts';
import { cacheRoot } from './tools/cache.ts';
import { downloadArchive } from './tools/download.ts';
import { createProgress, type Progress } from './tools/progress.ts';
import { run } from './tools/run.ts';
import { withToolLock } from './tools/toolLock.ts';

/** A Grafana server: its program, and the folder that holds its pages and default settings. */
export interface GrafanaPlace {
  program: string;
  home: string;
}

/** Archives carry a build number that the version does not tell; of the pinned version it is recorded with its sums. */
const RECORDED: Record<string, { build: string; sha256: Record<string, string> }> = {
  '13.2.2': {
    build: '34846740809',
    sha256: {
      linux_amd64: '9662c838a09824fdb072e5f6fbdd45b62cf541b20f3d609ea5011e6e5f544c8f',
      linux_arm64: '7268f9a576f919f14e6263b344a85b6ac8d768fbda247910c43ce4e12c747a72',
    },
  },
};
/** Grafana's own list of what a version consists of. */
const PACKAGES_URL = 'https://grafana.com/api/grafana/versions';
const PACKAGES_TIMEOUT_MS = 5000;

/** A real Grafana: PLAYGROUND_TOOLS, PATH, the cache, or the official download, in this order. */
export async function ensureGrafana({
  say,
  signal,
}: {
  say: (line: string) => void;
  signal: AbortSignal;
}): Promise<GrafanaPlace> {
  const version = readEnv().versions.GRAFANA_VERSION;
  const progress = createProgress({ say, terminal: process.stderr.isTTY ? process.stderr : undefined });
  return findOrDownloadGrafana({ version, environment: process.env, progress, signal });
}

export interface GrafanaContext {
  version: string;
  environment: NodeJS.ProcessEnv;
  progress: Progress;
  signal: AbortSignal;
}

export async function findOrDownloadGrafana(context: GrafanaContext): Promise<GrafanaPlace> {
  const { version, environment, progress, signal } = context;
  const folders = [environment.PLAYGROUND_TOOLS, ...(environment.PATH ?? '').split(path.delimiter)];
  for (const folder of folders.filter((name) => name && path.isAbsolute(name))) {
    const found = await placeOf(path.join(folder!, 'grafana'), signal);
    if (found) return found;
  }
  const cached = path.join(cacheRoot(environment), 'grafana', version);
  const find = () => placeOf(path.join(cached, 'bin/grafana'), signal);
  const inCache = await find();
  if (inCache) return inCache;
  await withToolLock(`${cached}.lock`, `grafana ${version}`, { progress, signal }, async () => {
    if (!(await find())) await download(cached, context);
  });
  const downloaded = await find();
  if (!downloaded)
    throw new VerbError(`the downloaded Grafana ${version} does not run on this machine`, ADVICE);
  return downloaded;
}

const ADVICE = [
  './playground up serves the same boards without Grafana;',
  'or install Grafana (https://grafana.com/grafana/download), so that `grafana` is on PATH',
];

/** Where the pages of a Grafana are, seen from its program: in its archive, and where packages install them. */
async function placeOf(program: string, signal: AbortSignal): Promise<GrafanaPlace | undefined> {
  if (!existsSync(program)) return undefined;
  const homes = [
    path.resolve(realpathSync(program), '../..'),
    '/usr/share/grafana',
    '/opt/homebrew/share/grafana',
  ];
  const home = homes.find((folder) => existsSync(path.join(folder, 'conf/defaults.ini')));
  if (!home) return undefined;
  const { ok, lines } = await run(program, ['--version'], { signal, timeoutMs: 10_000 });
  return ok && /grafana/i.test(lines.join(' ')) ? { program, home } : undefined;
}

/** Unpacks beside the final place and renames, so that whoever is killed in between leaves nothing half-made. */
async function download(
  folder: string,
  { version, environment, progress, signal }: GrafanaContext,
): Promise<void> {
  const parent = path.dirname(folder);
  await mkdir(parent, { recursive: true });
  const work = await mkdtemp(`${folder}.tmp-`);
  try {
    await progress.step(`downloading grafana ${version}`, async (step) => {
      const { url, sha256 } = await findPackage(version, environment);
      const unpacked = await downloadArchive(url, sha256, { folder: work, step, signal });
      const [top] = await readdir(unpacked);
      await rm(folder, { recursive: true, force: true });
      await rename(path.join(unpacked, top!), folder);
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new VerbError(`Grafana ${version} cannot be downloaded: ${messageOf(error)}`, ADVICE);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function findPackage(
  version: string,
  { PLAYGROUND_DOWNLOAD_MIRROR: mirror }: NodeJS.ProcessEnv,
): Promise<{ url: string; sha256: string }> {
  const os = process.platform;
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const recorded = RECORDED[version];
  const sha256 = recorded?.sha256[`${os}_${arch}`];
  if (recorded && sha256) {
    const base = (mirror || 'https://dl.grafana.com').replace(/\/+$/, '');
    const file = `grafana_${version}_${recorded.build}_${os}_${arch}.tar.gz`;
    return { url: `${base}/grafana/release/${version}/${file}`, sha256 };
  }
  const { status, body } = await get(`${PACKAGES_URL}/${version}/packages`, {
    timeoutMs: PACKAGES_TIMEOUT_MS,
  });
  if (status !== 200) throw new Error(`grafana.com knows no version ${version}`);
  const { items } = JSON.parse(body) as {
    items: { os: string; arch: string; url: string; sha256: string }[];
  };
  const found = items.find((one) => one.os === os && one.arch === arch && one.url.endsWith('.tar.gz'));
  if (!found) throw new Error(`there is no archive of Grafana ${version} for ${os} on ${arch}`);
  return found;
}
