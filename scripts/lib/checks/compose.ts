import { readFileSync } from 'node:fs';
import path from 'node:path';
import { capture } from '../compose/capture.ts';
import { findCompose } from '../compose/engine.ts';
import { namesOf, unusedNames } from '../compose/lint/envUse.ts';
import { provisioningFaults, unknownSettings } from '../compose/lint/grafanaSettings.ts';
import { type Config, parseConfig } from '../compose/lint/model.ts';
import { disparities, loadFaults, targetFaults } from '../compose/lint/parity.ts';
import { RULES } from '../compose/lint/rules.ts';
import { COMPOSE_TRIAL } from '../compose/trial/trial.ts';
import { ROOT } from '../settings.ts';
import { ensureTools } from '../tools/ensure.ts';
import type { Check, CheckContext } from './check.ts';

/** docker-compose.yml: as it is written, and as it runs. */
export const COMPOSE_CHECKS: readonly Check[] = [
  {
    name: 'compose file',
    async run(context) {
      const [one, two] = await Promise.all([readConfig(context, 1), readConfig(context, 2)]);
      const results = [
        ...RULES.map(({ name, find }) => ({ name, faults: find(two) })),
        { name: 'programs start as they do without containers', faults: disparities(one, 1) },
        { name: 'so they do with two hops', faults: disparities(two, 2) },
        { name: 'k6 is told the same', faults: loadFaults(two) },
        { name: 'Prometheus fetches from the same programs', faults: targetFaults() },
        { name: 'every name in .env is used', faults: unusedNames() },
        { name: 'the images have the version of package.json', faults: versionFaults() },
        {
          name: 'Grafana knows every setting',
          faults: unknownSettings(two.services.grafana?.environment ?? {}),
        },
        { name: 'Grafana understands what is provisioned', faults: provisioningFaults() },
      ];
      const broken = results.filter(({ faults }) => faults.length > 0);
      return {
        passed: results.length - broken.length,
        failed: broken.length,
        output: broken.map(({ name, faults }) => [name, ...faults].join('\n  ')).join('\n'),
      };
    },
  },
  COMPOSE_TRIAL,
];

/** All that there is, with one hop or two. Compose reads it, no engine is needed. */
async function readConfig({ env, say, signal }: CheckContext, hops: 1 | 2): Promise<Config> {
  const ask = (command: readonly string[]) => capture(command, { env, signal, timeoutMs: 20_000 });
  const command = await findCompose(ask).then(
    (found) => found.command,
    async () => [(await ensureTools(['compose'], { say, signal })).compose],
  );
  const profiles = hops === 2 ? '*' : 'grafana';
  // What is committed is checked, not what this user has set beside it.
  const names = namesOf(readFileSync(path.join(ROOT, '.env'), 'utf8'));
  const others = Object.entries(env).filter(([name]) => !names.includes(name));
  const plain = { ...Object.fromEntries(others), COMPOSE_PROFILES: profiles, PLAYGROUND_HOPS: String(hops) };
  const words = [...command, 'config', '--format', 'json'];
  const { exitCode, stdout, stderr } = await capture(words, { cwd: ROOT, env: plain, signal });
  if (exitCode !== 0) throw new Error(`docker compose config: ${stderr.trim()}`);
  return parseConfig(stdout, readFileSync(path.join(ROOT, 'docker-compose.yml'), 'utf8'));
}

/** Labels of an image cannot be read from package.json while it is built. */
function versionFaults(): string[] {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  const dockerfile = readFileSync(path.join(ROOT, 'apps/Dockerfile'), 'utf8');
  const labels = [...dockerfile.matchAll(/image\.version="([^"]*)"/g)].map(([, label]) => label!);
  const wrong = labels.filter((label) => label !== version);
  return labels.length === 0 ? ['apps/Dockerfile labels none'] : wrong.map((label) => `it says ${label}`);
}
