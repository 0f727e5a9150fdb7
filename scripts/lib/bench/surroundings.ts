import os from 'node:os';
import { z } from 'zod';
import { readEnv } from '../env.ts';
import { VerbError } from '../errors.ts';
import { ROOT } from '../settings.ts';
import { run } from '../tools/run.ts';

/** What a figure depends on besides the code that it measures. */
export const SURROUNDINGS = z.strictObject({
  /** ISO 8601, UTC */
  measuredAt: z.iso.datetime(),
  commit: z.string().regex(/^[0-9a-f]{7,40}$/),
  /** The working tree was not that of the commit. */
  hasChanges: z.boolean(),
  machine: z.strictObject({
    cores: z.int().positive(),
    /** Null: nobody noted it. */
    processor: z.string().nullable(),
    memoryGib: z.number().positive(),
    /** Load average of the minute before; null: nobody noted it. */
    loadBefore: z.number().nonnegative().nullable(),
    kernel: z.string(),
  }),
  /** Node's, and those of `.env`. */
  versions: z.record(z.string(), z.string()),
});
export type Surroundings = z.infer<typeof SURROUNDINGS>;

/** What a bench before this one may have written changes nothing that is measured. */
const RESULTS = ['docs/performance', 'docs/performance.md'];

/** Of this machine and this working tree, now: to be taken before a bench begins. */
export async function readSurroundings(signal: AbortSignal): Promise<Surroundings> {
  const [commit = ''] = await git(['rev-parse', '--short=10', 'HEAD'], signal);
  const changes = await git(
    ['status', '--porcelain', '--', '.', ...RESULTS.map((file) => `:!${file}`)],
    signal,
  );
  return {
    measuredAt: new Date().toISOString(),
    commit,
    hasChanges: changes.length > 0,
    machine: {
      cores: os.availableParallelism(),
      processor: os.cpus()[0]?.model ?? null,
      memoryGib: Math.round(os.totalmem() / 2 ** 30),
      loadBefore: Math.round(os.loadavg()[0]! * 10) / 10,
      kernel: `${os.type()} ${os.release()}`,
    },
    versions: { NODE_VERSION: process.versions.node, ...readEnv().versions },
  };
}

async function git(words: readonly string[], signal: AbortSignal): Promise<string[]> {
  const { ok, outcome, lines } = await run('git', words, { cwd: ROOT, signal });
  if (!ok) throw new VerbError(`git ${words.join(' ')}: ${outcome}`, lines.slice(-3));
  return lines;
}
