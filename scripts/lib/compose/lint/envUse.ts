import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../settings.ts';

/** Compose itself takes its meaning from these. */
const COMPOSE_OWN = ['COMPOSE_PROFILES'];
/** Names every variable there is, and so is no use of any. */
const READER = 'scripts/lib/env.ts';
const PLACES = ['docker-compose.yml', 'scripts', 'collector', 'prometheus', 'apps', 'deploy', 'e2e'];

/** Names of `.env` that nothing reads. */
export function unusedNames(
  names: readonly string[] = namesOf(readFileSync(path.join(ROOT, '.env'), 'utf8')),
) {
  const text = PLACES.flatMap(filesOf)
    .filter((file) => file !== READER && !/\.test\.ts$/.test(file))
    .map((file) => readFileSync(path.join(ROOT, file), 'utf8'))
    .join('\n');
  return names.filter((name) => !COMPOSE_OWN.includes(name) && !new RegExp(`\\b${name}\\b`).test(text));
}

export function namesOf(dotEnv: string): string[] {
  return [...dotEnv.matchAll(/^([A-Z]\w*)=/gm)].map(([, name]) => name!);
}

function filesOf(place: string): string[] {
  if (/\.\w+$/.test(place)) return [place];
  return readdirSync(path.join(ROOT, place), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|yaml|yml|env|json)$/.test(entry.name))
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)))
    .filter((file) => !/(^|\/)(node_modules|dist)\//.test(file));
}
