import type { Settings } from '../settings.ts';
import { capture } from './capture.ts';
import { findEngine } from './engine.ts';
import { composeProject, projectName } from './project.ts';
import { findComposeProject, isAlive } from './running.ts';
import { componentName } from './status.ts';
import { troubleOf } from './trouble.ts';

const GRACE_SECONDS = 5;

/**
 * Stops and removes the containers and networks of this playground; with `volumes` its data and secrets too.
 * @returns the names of the components that ran; undefined when this playground has nothing in containers
 */
export async function composeDown(
  settings: Settings,
  { volumes, signal }: { volumes: boolean; signal: AbortSignal },
): Promise<string[] | undefined> {
  const found = await findComposeProject(settings);
  if (!found && !(volumes && (await hasVolumes(settings)))) return undefined;
  const engine = await findEngine({ signal });
  const words = ['down', '--remove-orphans', '--timeout', String(GRACE_SECONDS)];
  const { exitCode, stderr } = await composeProject(engine, settings).compose([
    ...words,
    ...(volumes ? ['--volumes'] : []),
  ]);
  if (exitCode !== 0) throw troubleOf('taking the containers down', stderr);
  return (found?.containers ?? []).filter(isAlive).map(componentName);
}

/** What is left of a playground whose containers somebody else took down. */
async function hasVolumes(settings: Settings): Promise<boolean> {
  const filter = `label=com.docker.compose.project=${projectName(settings)}`;
  const { stdout } = await capture(['docker', 'volume', 'ls', '--quiet', '--filter', filter]);
  return stdout.trim() !== '';
}
