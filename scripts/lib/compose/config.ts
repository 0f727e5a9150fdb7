import { z } from 'zod';
import type { Choice, Project } from './project.ts';
import { troubleOf } from './trouble.ts';

/** What compose makes of docker-compose.yml, .env and the environment: only what the verbs look at. */
export interface ComposeConfig {
  services: Record<string, ServiceConfig>;
}
export type ServiceConfig = z.infer<typeof SERVICE>;

const SERVICE = z.looseObject({
  image: z.string(),
  restart: z.string().optional(),
  build: z.looseObject({ args: z.record(z.string(), z.string()).default({}) }).optional(),
  ports: z
    .array(
      z.looseObject({ host_ip: z.string().optional(), published: z.coerce.number(), target: z.number() }),
    )
    .default([]),
  volumes: z.array(z.looseObject({ type: z.string(), source: z.string().default('') })).default([]),
});
const CONFIG = z.looseObject({ services: z.record(z.string(), SERVICE) });

/**
 * Asks compose for the configuration of a choice. No engine is needed for that.
 * @throws VerbError with compose's reason when it refuses the file or the environment
 */
export async function readConfig(project: Project, choice: Choice): Promise<ComposeConfig> {
  const { exitCode, stdout, stderr } = await project.compose(['config', '--format', 'json'], { choice });
  if (exitCode !== 0) throw troubleOf('docker-compose.yml', stderr);
  return CONFIG.parse(JSON.parse(stdout));
}

/** The images that are not built here, and the ones that building starts from. */
export function imagesOf({ services }: ComposeConfig): string[] {
  const built = new Set(Object.values(services).flatMap(({ image, build }) => (build ? [image] : [])));
  const images = Object.values(services).flatMap(({ image, build }) =>
    build ? (build.args.NODE_IMAGE ?? []) : built.has(image) ? [] : image,
  );
  return [...new Set(images)];
}

/** The files and folders of this machine that containers read. */
export function bindSources({ services }: ComposeConfig): string[] {
  const sources = Object.values(services).flatMap(({ volumes }) =>
    volumes.flatMap(({ type, source }) => (type === 'bind' ? source : [])),
  );
  return [...new Set(sources)];
}
