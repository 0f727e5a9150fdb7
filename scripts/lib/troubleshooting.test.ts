import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { COMPONENT_NAMES } from './component.ts';
import { readEnv } from './env.ts';
import { ROOT } from './settings.ts';
import type { Verb } from './verb.ts';

const PAGES = ['troubleshooting.md', 'usage-report.md'];
const pages = PAGES.map((name) => ({ name, text: readFileSync(path.join(ROOT, 'docs', name), 'utf8') }));

for (const { name, text } of pages) {
  test(`${name} names verbs, flags and components that there are`, async () => {
    const commands = [...text.matchAll(/\.\/playground ([a-z]+)((?: --[a-z-]+(?: [a-z][a-z0-9-]*)?)*)/g)];
    assert.ok(commands.length > 3);
    for (const [command, verb, flags] of commands) {
      const file = path.join(ROOT, 'scripts', `${verb}.ts`);
      assert.ok(existsSync(file), command);
      const help = ((await import(file)) as { default: Verb }).default.help();
      for (const [flag] of flags!.matchAll(/--[a-z-]+/g)) assert.ok(help.includes(flag), command);
      const component = /--component ([a-z0-9-]+)/.exec(flags!)?.[1];
      if (component) assert.ok((COMPONENT_NAMES as readonly string[]).includes(component), command);
    }
  });

  test(`${name} names ports of .env, and links to pages that there are`, () => {
    const ports = Object.values(readEnv({}).ports);
    for (const [url, port] of text.matchAll(/http:\/\/127\.0\.0\.1:(\d+)/g)) {
      assert.ok(ports.includes(Number(port)), url);
    }
    for (const [, page] of text.matchAll(/\]\(([^)#]+)/g)) {
      assert.ok(existsSync(path.join(ROOT, 'docs', page!)), page);
    }
  });
}
