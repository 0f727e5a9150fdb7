import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { VerbError } from '../../errors.ts';
import type { Docker } from '../engine.ts';
import { cannotPull } from '../images.ts';
import { wordsOf } from '../trouble.ts';
import { RECIPES, type Recipe, type RecipeContext } from './recipes.ts';

/** Which images are there, and how each of them came. */
export interface Images {
  /** The very ones of their publishers. */
  real: string[];
  standIns: string[];
  /** Neither can be pulled nor has a stand-in. */
  missing: string[];
}

/** Says of an image that it is no official one, and what it was made from. */
const LABEL = 'io.github.interledger-playground.stand-in';
/** Where stand-ins are kept between runs; the official names are theirs only while a run needs them. */
const KEPT_AS = 'ilp-playground-stand-in';
/** A registry that does not answer by then is not there. */
const PULL_TIMEOUT_MS = 10 * 60_000;

/**
 * Sees to it that every image is there under its official name: what is there stays, what can be pulled is pulled,
 * and only for the rest a stand-in is built from the very programs that the playground runs without containers.
 */
export async function ensureImages(
  docker: Docker,
  images: readonly string[],
  context: RecipeContext,
): Promise<Images> {
  const found: Images = { real: [], standIns: [], missing: [] };
  let reachable = true;
  for (const image of images) {
    const label = await labelOf(docker, image);
    if (label === '') {
      found.real.push(image);
      continue;
    }
    const why: string | undefined = reachable
      ? await pull(docker, image, context)
      : 'its registry did not answer before';
    if (why === undefined) {
      found.real.push(image);
      continue;
    }
    if (reachable) context.say(`${image} cannot be pulled: ${why}`);
    reachable &&= !isUnreachable(why);
    const recipe = RECIPES[image.split(':')[0]!];
    if (!recipe) {
      found.missing.push(image);
      continue;
    }
    await standIn(docker, image, recipe, context);
    found.standIns.push(image);
  }
  return found;
}

/** Takes the official names away again from what was put under them; what was built stays cached. */
export async function releaseNames(docker: Docker, { standIns }: Images): Promise<void> {
  if (standIns.length === 0) return;
  // Also when the run was interrupted.
  await docker.docker(['image', 'rm', '--no-prune', ...standIns], { signal: undefined });
}

/** undefined: no such image; empty: an official one; else what a stand-in was made from. */
async function labelOf(docker: Docker, image: string): Promise<string | undefined> {
  const format = `{{index .Config.Labels "${LABEL}"}}`;
  const { exitCode, stdout } = await docker.docker(['image', 'inspect', '--format', format, image]);
  return exitCode === 0 ? stdout.trim().replace('<no value>', '') : undefined;
}

async function pull(docker: Docker, image: string, { progress }: RecipeContext): Promise<string | undefined> {
  return progress.step(`pulling ${image}`, async () => {
    const { exitCode, stderr } = await docker.docker(['pull', '--quiet', image], {
      timeoutMs: PULL_TIMEOUT_MS,
    });
    if (exitCode === 0) return undefined;
    return cannotPull(image, stderr).message.replace(`cannot pull ${image}: `, '');
  });
}

function isUnreachable(why: string): boolean {
  return /no such host|connection refused|timeout|timed out|network is unreachable|proxyconnect|certificate/i.test(
    why,
  );
}

async function standIn(docker: Docker, image: string, recipe: Recipe, context: RecipeContext): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'stand-in-'));
  try {
    await recipe.gather(folder, context);
    await cp(path.join(import.meta.dirname, recipe.dockerfile), path.join(folder, 'Dockerfile'));
    const fingerprint = await hashOfFiles(folder);
    const kept = `${KEPT_AS}/${image.split(':')[0]}:${fingerprint}`;
    if ((await labelOf(docker, kept)) !== fingerprint) {
      await context.progress.step(`building a stand-in for ${image}`, async () => {
        const words = ['build', '--quiet', '--label', `${LABEL}=${fingerprint}`, '--tag', kept, folder];
        const { exitCode, stderr } = await docker.docker(words);
        if (exitCode !== 0)
          throw new VerbError(`no stand-in for ${image}: docker build failed`, wordsOf(stderr).slice(-6));
      });
    }
    await docker.docker(['tag', kept, image]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of the files in the folder itself: what lies deeper was only needed on the way. */
async function hashOfFiles(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(folder, { withFileTypes: true });
  for (const { name } of entries
    .filter((entry) => entry.isFile())
    .sort((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(`${name}\0`).update(await readFile(path.join(folder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
