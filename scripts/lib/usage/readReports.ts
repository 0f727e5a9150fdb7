import { z } from 'zod';
import { firstLine, get } from '../http.ts';

const DAY = z.object({
  day: z.string(),
  version: z.string(),
  reports: z.number(),
  installations: z.number(),
});
const PAGE = z.object({
  result: z.array(DAY),
  pagination: z.object({ endCursor: z.string().nullable(), hasNextPage: z.boolean() }),
});
export type UsageDay = z.infer<typeof DAY>;

const TIMEOUT_MS = 10_000;
const PAGE_SIZE = 100;
/** Of days and versions; who needs more asks the backend itself. */
const MAX_PAGES = 10;

/** Reports by day and version, newest day first; `complete` is false when there are more than a reader wants. */
export async function readAllReports(
  usageUrl: string,
  ask: typeof get = get,
): Promise<{ days: UsageDay[]; complete: boolean }> {
  const days: UsageDay[] = [];
  let cursor = '';
  for (let page = 0; page < MAX_PAGES; page++) {
    const { status, body } = await ask(`${usageUrl}/reports?first=${PAGE_SIZE}${cursor}`, {
      timeoutMs: TIMEOUT_MS,
    });
    if (status !== 200) throw new Error(`it answers ${status}: ${firstLine(body)}`);
    const { result, pagination } = PAGE.parse(JSON.parse(body));
    days.push(...result);
    if (!pagination.hasNextPage || pagination.endCursor === null) return { days, complete: true };
    cursor = `&after=${pagination.endCursor}`;
  }
  return { days, complete: false };
}
