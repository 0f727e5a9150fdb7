import { z } from 'zod';

/** Whether, where and how often an ASE reports that it is in use. */
export type UsageSettings =
  | { enabled: false; why: string }
  | { enabled: true; url: string; intervalMs: number; firstDelayMs: number };

const isHttpUrl = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
const seconds = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be between ${min} and ${max}`);

const DAY_SECONDS = 86_400;

/** The variables, for the ASE's one schema of its environment. */
export const usageVariables = {
  USAGE_REPORT: z.enum(['true', 'false'], { error: 'must be true or false' }).default('true'),
  // https://consoledonottrack.com: any value but 0 is a wish.
  DO_NOT_TRACK: z.string().default('0'),
  USAGE_REPORT_URL: z
    .string()
    .default('')
    .refine((text) => text === '' || isHttpUrl(text), 'must be an http:// or https:// URL'),
  USAGE_REPORT_INTERVAL_SECONDS: z
    .string()
    .default(String(DAY_SECONDS))
    .pipe(seconds(60, 30 * DAY_SECONDS)),
  USAGE_REPORT_FIRST_DELAY_SECONDS: z.string().default('300').pipe(seconds(0, DAY_SECONDS)),
};

/** The checked values of `usageVariables`. */
export type UsageValues = z.output<z.ZodObject<typeof usageVariables>>;

/** No address is built in: who sets none reports to nobody. */
export function usageSettings(values: UsageValues): UsageSettings {
  const off = (why: string) => ({ enabled: false, why }) as const;
  if (values.USAGE_REPORT === 'false') return off('USAGE_REPORT is false');
  if (!['0', 'false'].includes(values.DO_NOT_TRACK)) return off('DO_NOT_TRACK is set');
  if (values.USAGE_REPORT_URL === '') return off('USAGE_REPORT_URL is not set: there is nobody to tell');
  return {
    enabled: true,
    url: values.USAGE_REPORT_URL,
    intervalMs: values.USAGE_REPORT_INTERVAL_SECONDS * 1000,
    firstDelayMs: values.USAGE_REPORT_FIRST_DELAY_SECONDS * 1000,
  };
}
