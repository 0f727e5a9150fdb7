import { readFileSync } from 'node:fs';
import { z } from 'zod';

export interface Settings {
  /** `url` is where an ASE is reached, `publicUrl` what its own URLs begin with. */
  ases: { name: string; url: string; publicUrl: string }[];
  wallets: string[];
  adminToken: string;
  /** Mean time between the starts of two payments. */
  intervalMs: number;
  /** Touched whenever all is well, for whoever watches over this process without a port to ask. */
  heartbeatFile: string | undefined;
}

const NAME = z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes');
/** Every variable that the traffic reads. */
export const SCHEMA = z.object({
  TRAFFIC_ASES: z
    .string({ error: 'is needed' })
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue('must be JSON');
        return z.NEVER;
      }
    })
    .pipe(
      z
        .array(z.object({ name: NAME, url: z.url(), publicUrl: z.url().optional() }))
        .length(2, 'must name the two ASEs that pay each other'),
    ),
  TRAFFIC_WALLETS: z
    .string()
    .default('alice,bob,carol,dave')
    .transform((text) => text.split(','))
    .pipe(z.array(NAME)),
  TRAFFIC_INTERVAL_MS: z
    .string()
    .regex(/^\d{1,7}$/, 'must be a whole number of milliseconds')
    .default('1500')
    .transform(Number)
    .pipe(z.number().min(100, 'must be at least 100')),
  TRAFFIC_HEARTBEAT_FILE: z.string().optional(),
  TRAFFIC_SECRETS_FILE: z
    .string({ error: 'is needed' })
    .transform((file, context) => {
      try {
        return JSON.parse(readFileSync(file, 'utf8')) as unknown;
      } catch {
        context.addIssue(`cannot read ${file} as JSON`);
        return z.NEVER;
      }
    })
    .pipe(z.object({ adminToken: z.string().min(16) })),
});

/** Settings from the environment. Throws one Error whose message names all that is wrong, one a line. */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const result = SCHEMA.safeParse(env);
  if (!result.success) {
    throw new Error(
      result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('\n'),
    );
  }
  const { TRAFFIC_ASES, TRAFFIC_WALLETS, TRAFFIC_INTERVAL_MS, TRAFFIC_SECRETS_FILE } = result.data;
  const heartbeatFile = result.data.TRAFFIC_HEARTBEAT_FILE;
  return {
    ases: TRAFFIC_ASES.map(({ publicUrl, ...ase }) => ({ ...ase, publicUrl: publicUrl ?? ase.url })),
    wallets: TRAFFIC_WALLETS,
    adminToken: TRAFFIC_SECRETS_FILE.adminToken,
    intervalMs: TRAFFIC_INTERVAL_MS,
    heartbeatFile,
  };
}
