import path from 'node:path';
import type { Command } from '../processControl.ts';
import { ROOT } from '../settings.ts';
import type { ToolName } from '../tools/toolsets.ts';

/** For `main.ts` beside this file: which tool to get, and what to become then. */
export interface LateOrder {
  tool: ToolName;
  args: readonly string[];
  cwd: string;
  /** The variables that the program gets. */
  variables: string[];
}

/**
 * A command that gets a tool which is not on this machine yet, and then becomes it: the same process, so that whoever
 * started it can end it at any time. To build, it has the whole environment of its user; the tool has its own only.
 */
export function lateCommand(tool: ToolName, program: Omit<Command, 'program'>): Command {
  const order: LateOrder = {
    tool,
    args: program.args,
    cwd: program.cwd,
    variables: Object.keys(program.env),
  };
  return {
    program: process.execPath,
    args: [path.join(import.meta.dirname, 'main.ts'), JSON.stringify(order)],
    cwd: ROOT,
    env: { ...definedIn(process.env), ...program.env },
  };
}

function definedIn(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
