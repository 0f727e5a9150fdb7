import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { VerbError } from '../errors.ts';
import { replaceFile } from '../replaceFile.ts';
import type { Settings } from '../settings.ts';
import { type BackfillReport, type BackfillRequest, backfill } from './backfill.ts';

interface Context {
  say: (line: string) => void;
  signal: AbortSignal;
}

/** Makes a past and notes that there is one. */
export async function makeHistory(
  settings: Settings,
  request: BackfillRequest,
  context: Context,
): Promise<BackfillReport> {
  const report = await backfill(settings, request, context);
  mkdirSync(path.dirname(noteIn(settings)), { recursive: true });
  replaceFile(noteIn(settings), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

/**
 * `up --history`: makes a past of so many days for a playground without data. One that has a past keeps it.
 * @throws VerbError when there is data, and no past before it
 */
export async function ensureHistory(
  settings: Settings,
  request: BackfillRequest,
  context: Context,
): Promise<void> {
  const days = pastDays(settings);
  if (days !== undefined) {
    context.say(`it has a past of ${days} days already`);
    return;
  }
  context.say(`making a past of ${request.days} days`);
  const { payments, seconds } = await makeHistory(settings, request, context);
  context.say(`  ${payments} payments in ${seconds} s`);
}

/** How long the past is that a playground was given; undefined when it was given none. */
function pastDays(settings: Settings): number | undefined {
  let text: string;
  try {
    text = readFileSync(noteIn(settings), 'utf8');
  } catch {
    return undefined;
  }
  const note = z.object({ days: z.number() }).safeParse(JSON.parse(text));
  if (!note.success) throw new VerbError(`${noteIn(settings)} is damaged: ./playground down --volumes`);
  return note.data.days;
}

/** Among the data: what `down --volumes` forgets goes with it. */
function noteIn({ home }: Settings): string {
  return path.join(home, 'data/history/past.json');
}
