import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { z } from 'zod';
import type { Plan } from '../component.ts';
import { componentsOf } from '../components.ts';
import { readEnv } from '../env.ts';
import { ROOT } from '../settings.ts';
import { PROGRAMS } from './programs.ts';
import { renderConfiguration } from './render.ts';
import { variablesOf } from './variables.ts';

test('the committed page is what the code says (./playground dashboards writes it)', () => {
  assert.equal(readFileSync(path.join(ROOT, 'docs/configuration.md'), 'utf8'), renderConfiguration());
});

test('every name of .env is on it, with its value', () => {
  const page = renderConfiguration();
  const names = [...readFileSync(path.join(ROOT, '.env'), 'utf8').matchAll(/^(\w+)=(.*)$/gm)];
  assert.ok(names.length > 40);
  for (const [, name, value] of names)
    assert.ok(page.includes(`| \`${name}\` | ${value ? `\`${value}\`` : ''}`), name);
});

test('what a variable is without being set is read from its schema', () => {
  const schema = z.object({
    A: z.string(),
    B: z.string().optional(),
    C: z.string().default('7').pipe(z.string().transform(Number)),
    D: z
      .string()
      .transform((text) => text.split(','))
      .default([]),
    E: z.string().transform(BigInt).default(12n),
  });
  const meanings = { A: 'a', B: 'b', C: 'c', D: 'd', E: 'e' };
  assert.deepEqual(
    variablesOf(schema, meanings).map(({ fallback, isNeeded }) => [fallback, isNeeded]),
    [
      [undefined, true],
      [undefined, false],
      ['7', false],
      ['[]', false],
      ['"12"', false],
    ],
  );
});

describe('the settings page', () => {
  for (const { name, source, variables } of PROGRAMS) {
    test(`knows every variable of ${name}, and no other`, () => {
      const text = readFileSync(path.join(ROOT, source), 'utf8');
      const names = variables.map((variable) => variable.name);
      for (const { meaning } of variables) assert.match(meaning, /.{3,}[.)]$/);
      const prefix = /^[A-Z]+_/.exec(names[0]!)![0];
      const read = new Set(text.match(new RegExp(`\\b${prefix}[A-Z_]+\\b`, 'g')));
      assert.deepEqual(
        [...read].filter((word) => !names.includes(word) && !NO_VARIABLES.has(word)),
        [],
      );
    });
  }

  test('knows everything that `up` tells a program', () => {
    const documented = new Map(PROGRAMS.map(({ name, variables }) => [name, variables]));
    for (const { name, command } of componentsOf(examplePlan())) {
      const folder = /apps\/([\w-]+)\//.exec(command.args.join(' '))?.[1];
      if (folder === undefined) continue;
      const known = documented.get(folder)!.map((variable) => variable.name);
      const given = Object.keys(command.env).filter((word) => !(word in process.env) && !OF_NODE.test(word));
      assert.ok(given.length > 0, name);
      assert.deepEqual(
        given.filter((word) => !known.includes(word)),
        [],
        name,
      );
    }
  });
});

/** Constants that look like one. */
const NO_VARIABLES = new Set<string>([]);
const OF_NODE = /^(NODE_|MALLOC_|PATH$|HOME$|TMPDIR$|TZ$|LANG$|SSL_CERT_FILE$)/;

function examplePlan(): Plan {
  return {
    settings: { home: path.join(ROOT, '.playground'), ...readEnv({}) },
    hops: 2,
    network: { core: false, livenet: ['happy-life'] },
    pull: false,
    traffic: true,
    dashboards: 'viewer',
    host: '127.0.0.1',
    programs: { node: 'node', otelcol: 'otelcol', prometheus: 'prometheus', alertmanager: 'alertmanager' },
    prometheusConfig: 'prometheus.yml',
    alertmanagerConfig: 'alertmanager.yml',
  };
}
