import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { VerbError } from './errors.ts';
import { replaceFile } from './replaceFile.ts';
import { ASE_NAMES } from './topology.ts';

/** What runs, as `up` left it. */
export interface RunState extends z.infer<typeof RUN_STATE> {}
export interface RunningComponent extends z.infer<typeof COMPONENT> {}
export interface Secrets extends z.infer<typeof SECRETS> {}

const COMPONENT = z.object({
  name: z.string(),
  pid: z.number().int(),
  /** With the pid it makes the process unique: a recycled pid is never taken for ours. */
  startToken: z.string(),
  url: z.string().nullable(),
  /** Answers while the process does its own work. */
  healthUrl: z.string().nullable(),
  /** Answers when it also has everything that it needs of others. */
  readyUrl: z.string().nullable().default(null),
  startedAt: z.string(),
  logFile: z.string(),
  /** Its program had to be got first: it may not answer for minutes, and nothing waits for it. */
  late: z.boolean().default(false),
});

const RUN_STATE = z.object({
  mode: z.literal('embedded'),
  hops: z.union([z.literal(1), z.literal(2)]),
  network: z
    .object({ core: z.boolean(), livenet: z.array(z.enum(ASE_NAMES)) })
    // Before there was any.
    .default({ core: true, livenet: [] }),
  pull: z.boolean().default(false),
  dashboards: z.enum(['viewer', 'grafana']),
  host: z.string(),
  portOffset: z.number().int(),
  startedAt: z.string(),
  components: z.array(COMPONENT),
});

const SECRETS = z.object({
  adminToken: z.string(),
  /** `sender>receiver` → the Bearer token that the sender shows to the receiver. */
  peerTokens: z.record(z.string(), z.string()),
  grafanaAdminPassword: z.string(),
});

export function readRunState(home: string): RunState | undefined {
  return readJson(runFile(home), RUN_STATE);
}

export function writeRunState(home: string, state: RunState): void {
  mkdirSync(home, { recursive: true });
  replaceFile(runFile(home), `${JSON.stringify(state, null, 2)}\n`);
}

export function deleteRunState(home: string): void {
  rmSync(runFile(home), { force: true });
}

export function readSecrets(home: string): Secrets | undefined {
  return readJson(secretsFile(home), SECRETS);
}

/** The secrets of this playground, made on its first start and kept for good. */
export function ensureSecrets(home: string, aseNames: readonly string[]): Secrets {
  const existing = readSecrets(home);
  if (existing) return existing;
  const secret = () => randomBytes(24).toString('base64url');
  const pairs = aseNames.flatMap((from) => aseNames.filter((to) => to !== from).map((to) => `${from}>${to}`));
  const secrets: Secrets = {
    adminToken: secret(),
    peerTokens: Object.fromEntries(pairs.map((pair) => [pair, secret()])),
    grafanaAdminPassword: secret(),
  };
  mkdirSync(home, { recursive: true });
  replaceFile(secretsFile(home), `${JSON.stringify(secrets, null, 2)}\n`);
  return secrets;
}

export function runFile(home: string): string {
  return path.join(home, 'run.json');
}

export function secretsFile(home: string): string {
  return path.join(home, 'secrets.json');
}

function readJson<S extends z.ZodType>(file: string, schema: S): z.output<S> | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new VerbError(`${file} is damaged: ./playground down clears it away`);
  }
}
