import { z } from 'zod';
import type { DayRow, Spread, UsageStore } from './store.ts';

/** One page of `GET /reports`. */
export interface ReportsPage {
  result: (DayRow & { spread?: Spread })[];
  pagination: { endCursor: string | null; hasNextPage: boolean };
}

const MAX_PAGE_SIZE = 100;
/** With the spread of each row, which costs a look at each of its reports. */
const MAX_DETAILED_PAGE_SIZE = 20;

const date = z.iso.date('must be a day such as 2030-01-31');
const cursor = z.string().transform((text, context) => {
  const [, day, version] =
    /^(\d{4}-\d\d-\d\d) ([\w.-]{1,32})$/.exec(Buffer.from(text, 'base64url').toString('utf8')) ?? [];
  if (day !== undefined && version !== undefined) return { day, version };
  context.addIssue('must be the endCursor of another page');
  return z.NEVER;
});

export const reportsQuery = z
  .strictObject({
    first: z
      .string()
      .regex(/^\d{1,3}$/, 'must be a whole number')
      .transform(Number)
      .refine((value) => value >= 1 && value <= MAX_PAGE_SIZE, `must be between 1 and ${MAX_PAGE_SIZE}`)
      .optional(),
    after: cursor.optional(),
    from: date.optional(),
    to: date.optional(),
    version: z.string().max(32).optional(),
    detail: z
      .enum(['true', 'false'], 'must be true or false')
      .default('false')
      .transform((text) => text === 'true'),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['to'],
    error: 'must not be before from',
  })
  .refine(({ first = 1, detail }) => !detail || first <= MAX_DETAILED_PAGE_SIZE, {
    path: ['first'],
    error: `must be at most ${MAX_DETAILED_PAGE_SIZE} with detail`,
  });

/** Newest day first. What is added while somebody turns the pages changes no page behind the cursor but today's. */
export function readReports(
  store: Pick<UsageStore, 'days' | 'spread'>,
  { first, detail, ...query }: z.output<typeof reportsQuery>,
): ReportsPage {
  const size = first ?? MAX_DETAILED_PAGE_SIZE;
  // One more than asked for tells whether there is a further page.
  const rows = store.days({ ...query, limit: size + 1 });
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  return {
    result: detail ? shown.map((row) => ({ ...row, spread: store.spread(row.day, row.version) })) : shown,
    pagination: {
      endCursor: last ? Buffer.from(`${last.day} ${last.version}`).toString('base64url') : null,
      hasNextPage: rows.length > size,
    },
  };
}
