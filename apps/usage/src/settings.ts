import { z } from 'zod';

export interface Settings {
  host: string;
  port: number;
  /** The SQLite database. */
  dataFile: string;
  limits: UsageLimits;
}

export interface UsageLimits {
  /** Of all installations together; more are refused before they are read. */
  reportsPerSecond: bigint;
  /** Of one installation in a day (UTC): one is enough, each restart of an installation may add one. */
  reportsPerInstallationAndDay: number;
  /** In the database; some 200 bytes each. */
  maxReports: number;
  /** Older reports are deleted. */
  keepDays: number;
}

const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be between ${min} and ${max}`);

/** Every variable that the backend reads. */
export const environment = z.object({
  USAGE_HOST: z.string().default('127.0.0.1'),
  USAGE_PORT: z.string().default('14500').pipe(whole(0, 65_535)),
  USAGE_DATA_FILE: z.string({ error: 'is needed: where the reports are kept' }),
  USAGE_MAX_REPORTS_PER_SECOND: z.string().default('20').pipe(whole(1, 10_000)).transform(BigInt),
  USAGE_MAX_REPORTS_PER_INSTALLATION_AND_DAY: z.string().default('24').pipe(whole(1, 10_000)),
  USAGE_MAX_REPORTS: z.string().default('200000').pipe(whole(1, 10_000_000)),
  USAGE_KEEP_DAYS: z.string().default('400').pipe(whole(30, 4_000)),
});

/** Settings from the environment; an empty variable counts as absent. Throws one Error that names every problem, one a line. */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const { data, error } = environment.safeParse(given);
  if (!data) {
    throw new Error(error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
  }
  return {
    host: data.USAGE_HOST,
    port: data.USAGE_PORT,
    dataFile: data.USAGE_DATA_FILE,
    limits: {
      reportsPerSecond: data.USAGE_MAX_REPORTS_PER_SECOND,
      reportsPerInstallationAndDay: data.USAGE_MAX_REPORTS_PER_INSTALLATION_AND_DAY,
      maxReports: data.USAGE_MAX_REPORTS,
      keepDays: data.USAGE_KEEP_DAYS,
    },
  };
}
