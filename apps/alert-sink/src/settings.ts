import { z } from 'zod';

export interface Settings {
  host: string;
  port: number;
  /** How many deliveries are kept. */
  capacity: number;
}

const wholeNumber = (min: number, max: number) => {
  const why = `must be a whole number from ${min} to ${max}`;
  return z
    .string({ error: 'is needed' })
    .regex(/^\d{1,6}$/, why)
    .transform(Number)
    .pipe(z.number().min(min, why).max(max, why));
};
/** Every variable that the sink reads. */
export const ENVIRONMENT = z.object({
  ALERT_SINK_HOST: z.string().min(1).default('127.0.0.1'),
  ALERT_SINK_PORT: wholeNumber(0, 65535),
  ALERT_SINK_CAPACITY: wholeNumber(1, 1000).default(200),
});

/** Settings from the environment. Throws one Error that names every problem, one a line. */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const { data, error } = ENVIRONMENT.safeParse(given);
  if (!data) {
    throw new Error(error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
  }
  return {
    host: data.ALERT_SINK_HOST,
    port: data.ALERT_SINK_PORT,
    capacity: data.ALERT_SINK_CAPACITY,
  };
}
