import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { ComponentSpec, Plan } from './component.ts';
import { componentsOf } from './components.ts';
import { readEnv } from './env.ts';
import { run } from './tools/run.ts';
import { REFUSED, warmNode } from './warmNode.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'warm-node-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const { signal } = new AbortController();

test('a program runs once, with settings that it refuses, and its code is kept', async () => {
  const cache = path.join(folder, 'cache');
  const ran = path.join(folder, 'ran');
  const script = path.join(folder, 'main.ts');
  writeFileSync(
    script,
    `import { appendFileSync } from 'node:fs';
     const line: string = process.env.RATES_PORT + '\\n';
     appendFileSync(${JSON.stringify(ran)}, line);
     process.exit(2);`,
  );
  const env = { RATES_PORT: '1', NODE_COMPILE_CACHE: cache };
  const command = { program: process.execPath, args: [script], cwd: folder, env };
  const spec: ComponentSpec = { name: 'rates', url: null, healthUrl: null, listens: [], command };
  await warmNode([spec, spec], signal);
  await warmNode([spec], signal);
  const { lines } = await run('cat', [ran]);
  assert.deepEqual(lines, ['none']);
  assert.ok(readdirSync(cache).some((name) => !name.startsWith('warm-')));
});

test('every program of ours refuses those settings at once', async () => {
  const plan: Plan = {
    settings: { ...readEnv(), home: path.join(folder, 'home') },
    hops: 1,
    network: { core: false, livenet: ['cloud-nine'] },
    traffic: true,
    pull: false,
    dashboards: 'viewer',
    host: '127.0.0.1',
    programs: { node: process.execPath, otelcol: '', prometheus: '', jaeger: '' },
    prometheusConfig: '',
  };
  const ours = componentsOf(plan).filter(({ command }) => command.program === process.execPath);
  assert.equal(ours.length, 9);
  for (const { name, command } of ours) {
    const { program, args, cwd, env } = command;
    const { outcome } = await run(program, args, { cwd, env: { ...env, ...REFUSED }, timeoutMs: 20_000 });
    assert.equal(outcome, 'exit code 2', name);
  }
  assert.ok(!existsSync(path.join(folder, 'home')), 'none of them opened its books');
});
