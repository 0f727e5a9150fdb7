import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { COMPONENT_NAMES, type ComponentSpec, type Plan } from './component.ts';
import { messageOf, VerbError } from './errors.ts';
import { componentMark } from './orphans.ts';
import { describeOwner, portOwner } from './portOwner.ts';
import { type Command, startDetached, stopProcess } from './processControl.ts';
import { findProcess, type ProcessIdentity } from './processIdentity.ts';
import { healthOf, lastLogLines } from './running.ts';
import { type RunningComponent, type RunState, writeRunState } from './state.ts';
import { plural } from './text.ts';
import { WaitedTooLong, waitFor } from './wait.ts';

const HEALTHY_WITHIN_MS = 60_000;

interface Context {
  say: (line: string) => void;
  signal: AbortSignal;
}

/** Fails, naming every port that is taken and by whom, before anything has been started. */
export async function requireFreePorts(
  specs: readonly { name: string; listens: ComponentSpec['listens'] }[],
): Promise<void> {
  const taken = await Promise.all(
    specs.flatMap(({ name, listens }) =>
      listens.map(async ({ host, port }) => {
        const owner = await portOwner(host, port);
        return owner ? [`port ${port} (${name}) is taken by ${describeOwner(owner)}`] : [];
      }),
    ),
  );
  const problems = taken.flat();
  if (problems.length === 0) return;
  throw new VerbError(`nothing was started: ${plural(problems.length, 'port')} taken`, [
    ...problems,
    'end those, or set other ports in .env, or PLAYGROUND_PORT_OFFSET=50 to move them all',
  ]);
}

/** Starts components side by side and keeps run.json in step, so that `down` finds even half a start. */
export async function startComponents(
  plan: Plan,
  state: RunState,
  specs: readonly ComponentSpec[],
): Promise<RunningComponent[]> {
  const { home } = plan.settings;
  makeFolder(path.join(home, 'logs'));
  const started: RunningComponent[] = [];
  for (const spec of specs) {
    makeFolder(path.join(home, 'data', spec.name));
    const logFile = path.join(home, 'logs', `${spec.name}.log`);
    const { identity } = await startDetached(marked(spec, home), logFile).catch((error) => {
      throw new VerbError(`cannot start ${spec.name}: ${messageOf(error)}`);
    });
    const component: RunningComponent = {
      name: spec.name,
      ...identity,
      url: spec.url,
      healthUrl: spec.healthUrl,
      readyUrl: spec.readyUrl ?? spec.healthUrl,
      startedAt: new Date().toISOString(),
      logFile,
      late: spec.late ?? false,
    };
    started.push(component);
    state.components = inOrder([...state.components.filter(({ name }) => name !== spec.name), component]);
    writeRunState(home, state);
  }
  return started;
}

function marked({ name, command }: ComponentSpec, home: string): Command {
  return { ...command, env: { ...command.env, ...componentMark(home, name) } };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new VerbError(`cannot make the folder ${folder}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function inOrder(components: readonly RunningComponent[]): RunningComponent[] {
  const names: readonly string[] = COMPONENT_NAMES;
  return components.toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
}

/** Waits until all of them are ready but late ones. One that ends instead is told at once, with its last words. */
export async function waitUntilHealthy(
  components: readonly RunningComponent[],
  context: Context,
): Promise<void> {
  const waiting = new Set(components.filter(({ late }) => !late));
  const reasons = new Map<string, string>();
  const look = async (): Promise<string | undefined> => {
    await Promise.all(
      [...waiting].map(async (component) => {
        const health = await healthOf(component, component.readyUrl);
        if (health.healthy) waiting.delete(component);
        else reasons.set(component.name, health.why);
      }),
    );
    for (const component of waiting) requireAlive(component);
    if (waiting.size === 0) return undefined;
    return [...waiting].map(({ name }) => `${name} (${reasons.get(name)})`).join(', ');
  };
  await waitFor(look, { timeoutMs: HEALTHY_WITHIN_MS, pollMs: 50, ...context }).catch((error) => {
    if (!(error instanceof WaitedTooLong)) throw error;
    throw new VerbError(error.message, [
      './playground logs shows what they say, ./playground doctor where it breaks',
    ]);
  });
}

function requireAlive(component: RunningComponent): void {
  if (findProcess(component)) return;
  throw new VerbError(`${component.name} ended right after its start; its last lines:`, [
    ...lastLogLines(component.logFile, 8),
    `all of it: ${component.logFile}`,
  ]);
}

/** The order in which components end: first who makes work, last who stores it. */
const STOP_STAGES = [
  ['traffic', 'dashboards'],
  ['cloud-nine', 'happy-life', 'global-bank'],
  ['rates', 'chain', 'usage', 'collector', 'testnet-balancer', 'livenet-balancer'],
  ['testnet-1', 'testnet-2', 'livenet-1', 'livenet-2'],
  ['prometheus', 'jaeger'],
  ['alertmanager'],
  ['alert-sink'],
];
const GRACE_MS = 2500;

/** Ends components, gently first. Gives the names of those that had to be killed. */
export async function stopComponents(
  components: readonly (ProcessIdentity & { name: string })[],
): Promise<string[]> {
  const killed: string[] = [];
  for (const stage of STOP_STAGES) {
    await Promise.all(
      components
        .filter(({ name }) => stage.includes(name))
        .map(async (component) => {
          if ((await stopProcess(component, GRACE_MS)) === 'killed') killed.push(component.name);
        }),
    );
  }
  return killed;
}
