import { z } from 'zod';
import { MAX_PAGE_SIZE } from '../payments/page.ts';
import { invalidRequest } from './errors.ts';

/** Checks a request's body or query. Throws a 400 that names every wrong member and why. */
export function parse<Shape extends z.ZodType>(shape: Shape, value: unknown): z.output<Shape> {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidRequest(
    parsed.error.issues.flatMap((issue) => {
      const path = issue.path.join('.');
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => ({
          field: [path, key].filter(Boolean).join('.'),
          reason: 'is not known here',
        }));
      }
      return [{ field: path || 'body', reason: reasonOf(issue) }];
    }),
  );
}

function reasonOf(issue: z.core.$ZodIssue): string {
  const isMissing = issue.code === 'invalid_type' && issue.message.includes('received undefined');
  if (isMissing) return 'is needed';
  return issue.message.startsWith('must') ? issue.message : `is not valid: ${issue.message}`;
}

const MAX_METADATA_CHARACTERS = 4_096;

/** Free data of the client, kept as it came. */
export const metadataSchema = z
  .record(z.string(), z.unknown())
  .transform((value) => JSON.stringify(value))
  .refine(
    (text) => text.length <= MAX_METADATA_CHARACTERS,
    `must be below ${MAX_METADATA_CHARACTERS} characters`,
  );

const PAGE_SIZE_REASON = `must be a number from 1 to ${MAX_PAGE_SIZE}`;
const pageSize = z
  .string({ error: PAGE_SIZE_REASON })
  .regex(/^\d{1,3}$/, PAGE_SIZE_REASON)
  .transform(Number)
  .refine((count) => count >= 1 && count <= MAX_PAGE_SIZE, PAGE_SIZE_REASON);

/** The query of a list. */
export const listQuery = z
  .strictObject({
    'wallet-address': z.string(),
    cursor: z.string().max(64).optional(),
    first: pageSize.optional(),
    last: pageSize.optional(),
  })
  .refine(({ first, last }) => first === undefined || last === undefined, {
    path: ['last'],
    error: 'must not come together with first',
  })
  .refine(({ last, cursor }) => last === undefined || cursor !== undefined, {
    path: ['last'],
    error: 'must come with a cursor',
  });
