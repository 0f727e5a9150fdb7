/** Downloads or builds a tool. Its arguments: the tool, and the process it does so for, without which it ends as well. */
import { messageOf } from '../errors.ts';
import { ensureTools } from '../tools/ensure.ts';
import type { ToolName } from '../tools/toolsets.ts';

const LOOK_EVERY_MS = 1_000;

const [, , tool, parent] = process.argv;
const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interruption.abort());
// A parent that was killed cannot say so.
setInterval(() => process.ppid === Number(parent) || interruption.abort(), LOOK_EVERY_MS).unref();

try {
  await ensureTools([tool as ToolName], { say: console.log, signal: interruption.signal });
} catch (error) {
  console.log(messageOf(error));
  process.exit(1);
}
