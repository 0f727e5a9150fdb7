import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { verbNames } from '../help.ts';
import { COMPONENT_NAMES } from './component.ts';
import { readEnv } from './env.ts';
import { ROOT } from './settings.ts';
import type { Verb } from './verb.ts';

const PAGES = ['README.md', ...globSync('docs/**/*.md', { cwd: ROOT })];
const pages = PAGES.map((name) => ({ name, text: readFileSync(path.join(ROOT, name), 'utf8') }));

test('pages name verbs, flags and components that there are', async () => {
  const commands = pages.flatMap(({ name, text }) =>
    [...text.matchAll(/\.\/playground ([a-z]+)([^\n`#|;]*)/g)].map((match) => ({ name, match })),
  );
  assert.ok(commands.length > 50);
  for (const { name, match } of commands) {
    const [command, verb, words] = match;
    assert.ok(verbNames().includes(verb!), `${name}: ${command}`);
    const help = (await importVerb(verb!)).help();
    for (const [flag] of words!.matchAll(/--[a-z][a-z-]*/g)) {
      assert.match(help, new RegExp(`^  .*${flag}\\b`, 'm'), `${name}: ${command}`);
    }
    const component = /--component ([a-z0-9-]+)/.exec(words!)?.[1];
    if (component) assert.ok((COMPONENT_NAMES as readonly string[]).includes(component), command);
  }
});

test('pages link to files and headings that there are', () => {
  const links = pages.flatMap(({ name, text }) =>
    [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => ({ name, target: target! })),
  );
  const inside = links.filter(({ target }) => !/^[a-z]+:/.test(target));
  assert.ok(inside.length > 50);
  for (const { name, target } of inside) {
    const [file, heading] = target.split('#');
    const linked = file ? path.join(path.dirname(name), file) : name;
    assert.ok(existsSync(path.join(ROOT, linked)), `${name}: ${target}`);
    if (heading) assert.ok(headingsOf(linked).includes(heading), `${name}: ${target}`);
  }
});

test('pages about a playground’s own URLs name ports of .env', () => {
  const ports = Object.values(readEnv({}).ports);
  for (const { name, text } of pages) {
    for (const [url, port] of text.matchAll(/http:\/\/127\.0\.0\.1:(\d+)/g)) {
      assert.ok(ports.includes(Number(port)), `${name}: ${url}`);
    }
  }
});

test('the help of every verb fits a terminal of 80 columns', async () => {
  for (const name of verbNames()) {
    const tooLong = (await importVerb(name))
      .help()
      .split('\n')
      .filter((line) => line.length > 80);
    assert.deepEqual(tooLong, [], name);
  }
});

async function importVerb(name: string): Promise<Verb> {
  const module = (await import(path.join(ROOT, 'scripts', `${name}.ts`))) as { default: Verb };
  return module.default;
}

/** As GitHub makes anchors of headings. */
function headingsOf(page: string): string[] {
  const text = readFileSync(path.join(ROOT, page), 'utf8');
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
