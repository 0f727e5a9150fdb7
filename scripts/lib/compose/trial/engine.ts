import { spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { VerbError } from '../../errors.ts';
import { cacheRoot } from '../../tools/cache.ts';
import { ensureTools } from '../../tools/ensure.ts';
import type { Progress } from '../../tools/progress.ts';
import { run } from '../../tools/run.ts';
import { waitFor } from '../../wait.ts';
import { capture } from '../capture.ts';
import { type Engine, findEngine } from '../engine.ts';

export interface TrialEngine {
  engine: Engine;
  /** The environment in which `docker` and `docker-compose` are the engine's. */
  env: NodeJS.ProcessEnv;
  /** For people: which engine it is. */
  description: string;
  stop(): Promise<void>;
}

interface Context {
  env: NodeJS.ProcessEnv;
  progress: Progress;
  say: (line: string) => void;
  signal: AbortSignal;
}

const STARTS_WITHIN_MS = 60_000;
const ENDS_WITHIN_MS = 30_000;
/** What an engine leaves behind when it ends. */
const BRIDGE = '/sys/class/net/docker0';

/**
 * An engine to try things on: the one that is there, which is left as it was, or else one of our own, for root on
 * Debian, with its data in the cache and its socket in a temporary folder, so that it meets nothing of anybody's.
 */
export async function ensureEngine(context: Context): Promise<TrialEngine> {
  const closers: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const close of closers.reverse()) await close();
  };
  try {
    let env = context.env;
    let description = 'the engine of this machine';
    if (!(await answers(env, context.signal))) {
      const own = await startEngine(context);
      closers.push(own.stop);
      env = own.env;
      description = 'an engine of its own';
    }
    if (!(await hasCompose(env, context.signal))) {
      const folder = await composeOnPath(context);
      closers.push(() => rm(folder, { recursive: true, force: true }));
      env = { ...env, PATH: `${folder}${path.delimiter}${env.PATH}` };
    }
    const engine = await findEngine({ env, signal: context.signal });
    description += ` (${engine.version}, compose ${engine.composeVersion})`;
    return { engine, env, description, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function answers(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<boolean> {
  return (await capture(['docker', 'version'], { env, signal, timeoutMs: 20_000 })).exitCode === 0;
}

async function hasCompose(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<boolean> {
  return findEngine({ env, signal }).then(
    () => true,
    () => false,
  );
}

/** Compose from the tools, under the name by which verbs look for it. */
async function composeOnPath(context: Context): Promise<string> {
  const { compose } = await ensureTools(['compose'], context);
  const folder = await mkdtemp(path.join(tmpdir(), 'playground-compose-'));
  await symlink(compose, path.join(folder, 'docker-compose'));
  return folder;
}

async function startEngine(context: Context): Promise<{ env: NodeJS.ProcessEnv; stop: () => Promise<void> }> {
  const { env, progress, signal } = context;
  if (!existsSync('/usr/sbin/dockerd')) await installEngine(context);
  const folder = await mkdtemp(path.join(tmpdir(), 'playground-engine-'));
  const data = path.join(cacheRoot(env), 'engine');
  await mkdir(data, { recursive: true });
  const socket = `unix://${folder}/docker.sock`;
  const logFile = path.join(folder, 'log');
  const log = openSync(logFile, 'a');
  const words = [
    `--host=${socket}`,
    `--data-root=${data}`,
    `--exec-root=${folder}/exec`,
    `--pidfile=${folder}/pid`,
  ];
  const daemon = spawn('/usr/sbin/dockerd', words, { env, detached: true, stdio: ['ignore', log, log] });
  const hadBridge = existsSync(BRIDGE);
  const ended = new Promise<void>((resolve) => daemon.once('close', () => resolve()));
  daemon.unref();
  const stop = async () => {
    daemon.ref();
    daemon.kill('SIGTERM');
    const insist = setTimeout(() => daemon.kill('SIGKILL'), ENDS_WITHIN_MS);
    await ended;
    clearTimeout(insist);
    if (!hadBridge) await run('ip', ['link', 'delete', path.basename(BRIDGE)]);
    await rm(folder, { recursive: true, force: true });
  };
  const engineEnv = { ...env, DOCKER_HOST: socket };
  try {
    await progress.step('starting a Docker engine', () =>
      waitFor(
        async () => {
          if (daemon.exitCode !== null) throw new VerbError('dockerd ends at once', await lastLines(logFile));
          return (await answers(engineEnv, signal)) ? undefined : 'dockerd to answer';
        },
        { timeoutMs: STARTS_WITHIN_MS, pollMs: 200, ...context },
      ),
    );
    return { env: engineEnv, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function installEngine({ env, progress, signal }: Context): Promise<void> {
  const isDebian = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (!isDebian) {
    throw new VerbError('there is no Docker engine, and only root on Debian can be given one here', [
      'install and start Docker: https://docs.docker.com/engine/install/',
    ]);
  }
  await progress.step('installing docker.io', async () => {
    const words = ['install', '--yes', '--no-install-recommends', 'docker.io'];
    const debian = { ...env, DEBIAN_FRONTEND: 'noninteractive' };
    const first = await run('apt-get', words, { env: debian, signal });
    if (first.ok) return;
    // A machine that was set up long ago knows packages that are gone.
    await run('apt-get', ['update'], { env: debian, signal });
    const second = await run('apt-get', words, { env: debian, signal });
    if (!second.ok)
      throw new VerbError(`apt-get install docker.io: ${second.outcome}`, second.lines.slice(-6));
  });
}

async function lastLines(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8')).trimEnd().split('\n').slice(-6);
}
