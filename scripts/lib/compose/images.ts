import { VerbError } from '../errors.ts';
import type { Progress } from '../tools/progress.ts';
import type { Docker } from './engine.ts';
import { troubleOf, wordsOf } from './trouble.ts';

/** Pulls the images that are not there yet, one after the other, so that a failure names its image. */
export async function pullMissing(
  docker: Docker,
  images: readonly string[],
  progress: Progress,
): Promise<void> {
  for (const image of images) {
    if (await hasImage(docker, image)) continue;
    await progress.step(`pulling ${image}`, async () => {
      const { exitCode, stderr } = await docker.docker(['pull', '--quiet', image]);
      if (exitCode !== 0) throw cannotPull(image, stderr);
    });
  }
}

async function hasImage(docker: Docker, image: string): Promise<boolean> {
  return (await docker.docker(['image', 'inspect', '--format', 'ok', image])).exitCode === 0;
}

/** Which image, why, and what to do about it. */
export function cannotPull(image: string, stderr: string): VerbError {
  const known = troubleOf(`cannot pull ${image}`, stderr);
  if (!known.message.endsWith('failed')) return known;
  return new VerbError(`cannot pull ${image}: ${wordsOf(stderr).at(-1) ?? 'no reason given'}`, [
    'try again where its registry can be reached, or load it there by docker save and docker load',
    ...(image.startsWith('grafana/')
      ? ['./playground up --compose --viewer has the same boards without Grafana']
      : []),
    './playground up without --compose needs no images',
  ]);
}
