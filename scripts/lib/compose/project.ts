import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { composeRulesFolder } from '../alerting/files.ts';
import type { NetworkPlan } from '../component.ts';
import { networkOfAse, networksOf } from '../networkComponents.ts';
import { ROOT, type Settings } from '../settings.ts';
import type { AseName, Hops } from '../topology.ts';
import type { Captured, CaptureOptions } from './capture.ts';
import type { Engine } from './engine.ts';

/** The compose project of this checkout and these settings. */
export interface Project {
  name: string;
  engine: Engine;
  /** Runs `docker compose WORDS` for it; `choice` decides which services that means, by default all there are. */
  compose(words: readonly string[], options?: CaptureOptions & { choice?: Choice }): Promise<Captured>;
}

/** What shall run. */
export interface Choice {
  hops: Hops;
  dashboards: 'grafana' | 'viewer';
  network: NetworkPlan;
}

const BASE_NAME = 'ilp-playground';
const DEFAULT_HOME = path.join(ROOT, '.playground');

/**
 * One project for each playground: plain `docker compose up` has the same name as the verbs by default; another
 * port offset or state folder is another playground. COMPOSE_PROJECT_NAME wins, as everywhere in compose.
 */
export function projectName({ home, portOffset }: Settings, env: NodeJS.ProcessEnv = process.env): string {
  if (env.COMPOSE_PROJECT_NAME) return env.COMPOSE_PROJECT_NAME;
  const words = [BASE_NAME];
  if (portOffset !== 0) words.push(String(portOffset));
  if (home !== DEFAULT_HOME) words.push(createHash('sha256').update(home).digest('hex').slice(0, 6));
  return words.join('-');
}

export function composeProject(
  engine: Engine,
  settings: Settings,
  env: NodeJS.ProcessEnv = process.env,
): Project {
  const name = projectName(settings, env);
  const ports = Object.fromEntries(Object.entries(settings.ports).map(([port, n]) => [port, String(n)]));
  return {
    name,
    engine,
    compose: (words, { choice, ...options } = {}) =>
      engine.compose(words, {
        cwd: ROOT,
        // Compose reads .env by itself, but cannot add the offset.
        env: {
          ...env,
          ...ports,
          ...ruleVariables(settings),
          COMPOSE_PROJECT_NAME: name,
          ...choiceVariables(choice, settings),
        },
        ...options,
      }),
  };
}

function ruleVariables(settings: Settings): Record<string, string> {
  const folder = composeRulesFolder(settings);
  return folder === undefined ? {} : { ALERT_RULES_FOLDER: folder };
}

function choiceVariables(choice: Choice | undefined, { logsTo }: Settings): Record<string, string> {
  // With every profile, whatever runs is meant; the longer topology has a file for every service.
  if (choice === undefined)
    return { COMPOSE_PROFILES: 'grafana,viewer,hops,livenet,logs', PLAYGROUND_HOPS: '2' };
  const { hops, dashboards, network } = choice;
  const profiles = [
    dashboards,
    ...(hops === 2 ? ['hops'] : []),
    ...(networksOf(network).includes('livenet') ? ['livenet'] : []),
    ...(logsTo === 'loki' ? ['logs'] : []),
  ];
  const networkOf = (name: AseName) => networkOfAse(network, name) ?? 'none';
  return {
    COMPOSE_PROFILES: profiles.join(','),
    PLAYGROUND_HOPS: String(hops),
    // Without its backend, a report would be lost each time; else the choice of .env and the environment counts.
    ...(network.core && { USAGE_REPORT: 'false' }),
    CLOUD_NINE_NETWORK: networkOf('cloud-nine'),
    HAPPY_LIFE_NETWORK: networkOf('happy-life'),
    GLOBAL_BANK_NETWORK: networkOf('global-bank'),
  };
}

/** Whether a folder, as compose noted it, is this checkout. */
export function isThisCheckout(folder: string): boolean {
  try {
    return realpathSync(folder) === realpathSync(ROOT);
  } catch {
    return false;
  }
}
