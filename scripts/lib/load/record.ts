import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../replaceFile.ts';

const COUNT = z.object({
  quantity: z.enum(['k6_load_payments_total', 'k6_load_units_total']),
  ase: z.string(),
  labels: z.record(z.string(), z.string()),
  value: z.string(),
});
const RECORD = z.object({ run: z.string(), endedAtMs: z.number(), counts: z.array(COUNT) });

/** What k6 itself counted in the newest run, kept for `truth`. */
export type LoadRecord = z.infer<typeof RECORD>;
export type LoadCount = z.infer<typeof COUNT>;

export function writeLoadRecord(home: string, record: LoadRecord): void {
  mkdirSync(path.dirname(fileIn(home)), { recursive: true });
  replaceFile(fileIn(home), `${JSON.stringify(record, null, 2)}\n`);
}

/** Undefined when no load ran, or what was written of it makes no sense any more. */
export function readLoadRecord(home: string): LoadRecord | undefined {
  try {
    return RECORD.parse(JSON.parse(readFileSync(fileIn(home), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Among the data: what `down --volumes` forgets goes with it. */
function fileIn(home: string): string {
  return path.join(home, 'data/load/newest.json');
}
