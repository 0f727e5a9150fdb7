import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';

/** A file of the bundle, and which compressed copies lie beside it. */
export interface BundleFile {
  path: string;
  sizeBytes: number;
  encodings: Map<'br' | 'gzip', { path: string; sizeBytes: number }>;
}

export interface Build {
  version: string;
  /** Hash of the sources that the bundle was built from. */
  sourceHash: string;
  indexHtml: string;
  /** By URL path. Only what is listed here can be asked for: there is no path to escape from. */
  files: Map<string, BundleFile>;
}

export interface BuildSource {
  /** The bundle as it is now: a rebuild beside a running server is noticed. */
  current(): Promise<Build>;
}

const buildInfo = z.object({ version: z.string(), sourceHash: z.string() });
const SUFFIXES = { br: '.br', gzip: '.gz' } as const;

/** Opens the bundle in a folder. Fails with words on what to do if there is none. */
export async function openBuild(dist: string): Promise<BuildSource> {
  const stampOf = async () => (await stat(join(dist, 'build.json'))).mtimeMs;
  let stamp = await stampOf().catch(() => {
    throw new Error(`There is no bundle in ${dist}. “./playground up” builds it.`);
  });
  let build = await readBuild(dist);
  return {
    async current() {
      // While a new bundle is being moved into place the old one is still the best answer.
      const now = await stampOf().catch(() => stamp);
      if (now !== stamp) {
        build = await readBuild(dist);
        stamp = now;
      }
      return build;
    },
  };
}

async function readBuild(dist: string): Promise<Build> {
  const info = JSON.parse(await readFile(join(dist, 'build.json'), 'utf8'));
  const { version, sourceHash } = buildInfo.parse(info);
  const paths = (await readdir(dist, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const sizes = new Map(
    await Promise.all(paths.map(async (path) => [path, (await stat(path)).size] as const)),
  );
  const files = new Map<string, BundleFile>();
  for (const [path, sizeBytes] of sizes) {
    if (/\.(br|gz)$/.test(path) || path.endsWith('build.json')) continue;
    files.set(`/${relative(dist, path).split(sep).join('/')}`, {
      path,
      sizeBytes,
      encodings: encodingsOf(path, sizes),
    });
  }
  return { version, sourceHash, indexHtml: await readFile(join(dist, 'index.html'), 'utf8'), files };
}

function encodingsOf(path: string, sizes: Map<string, number>): BundleFile['encodings'] {
  const encodings: BundleFile['encodings'] = new Map();
  for (const encoding of ['br', 'gzip'] as const) {
    const compressed = path + SUFFIXES[encoding];
    const sizeBytes = sizes.get(compressed);
    if (sizeBytes !== undefined) encodings.set(encoding, { path: compressed, sizeBytes });
  }
  return encodings;
}
