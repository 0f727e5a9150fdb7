/**
 * Gets a tool and becomes it. Its one argument is a LateOrder as JSON. Ends with exit code 1 when the tool cannot be had;
 * what it says goes where the tool's own output will go.
 */
import path from 'node:path';
import { messageOf, VerbError } from '../errors.ts';
import { COMPONENT_VARIABLE } from '../orphans.ts';
import { findTool } from '../tools/ensure.ts';
import { run } from '../tools/run.ts';
import type { LateOrder } from './command.ts';

const { tool, args, cwd, variables } = JSON.parse(process.argv[2] ?? '') as LateOrder;
const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interruption.abort());
const { signal } = interruption;

try {
  // With the mark of a component it would be taken for one that a start has left over.
  const { [COMPONENT_VARIABLE]: mark, ...env } = process.env;
  // Whoever uses the playground meanwhile comes first.
  const words = [
    '-n',
    '19',
    process.execPath,
    path.join(import.meta.dirname, 'get.ts'),
    tool,
    `${process.pid}`,
  ];
  const { ok, outcome } = await run('nice', words, { env, signal, onLine: console.log });
  const file = ok ? await findTool(tool, { say: console.log, signal }) : undefined;
  if (file === undefined) throw new VerbError(`${tool} cannot be had: ${outcome}`);
  process.chdir(cwd);
  const own = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
  process.execve!(file, [file, ...args], { ...own, [COMPONENT_VARIABLE]: mark });
} catch (error) {
  if (signal.aborted) process.exit(0);
  console.log(messageOf(error));
  process.exit(1);
}
