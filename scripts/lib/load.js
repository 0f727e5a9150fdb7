// Plain JavaScript on purpose: this is what `zx scripts/VERB` meets when the system's Node is too old to run
// TypeScript. It then hands over to the Node that `npm ci` installed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE_MAJOR = 24;

/** Imports `scripts/NAME.ts`, which runs itself, on a Node that can. */
export async function load(name) {
  const verb = new URL(`../${name}.ts`, import.meta.url);
  if (Number.parseInt(process.versions.node, 10) >= OLDEST_NODE_MAJOR) {
    await import(verb);
    return;
  }
  const node = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));
  if (!existsSync(node)) {
    console.error(
      `Node ${OLDEST_NODE_MAJOR} is needed, this is ${process.version}: run npm ci, which brings it`,
    );
    process.exit(2);
  }
  // Words before the script belong to zx.
  const words = process.argv.slice(process.argv.findIndex((word) => isScript(word, name)) + 1);
  const run = spawnSync(node, [fileURLToPath(verb), ...words], { stdio: 'inherit' });
  process.exit(run.status ?? 1);
}

function isScript(word, name) {
  const file = word.replaceAll('\\', '/').split('/').at(-1);
  return file === name || file === `${name}.ts`;
}
