import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { ROOT } from '../../settings.ts';
import { withGenerated } from '../markedTable.ts';
import { SURROUNDINGS } from '../surroundings.ts';
import { SCALE_ROW } from './scaleRow.ts';
import { pageTables } from './scaleTables.ts';

const RESULT = z.strictObject({ surroundings: SURROUNDINGS, rows: z.array(SCALE_ROW).min(1) });

/** What `bench scale` gave when it was last kept. */
export type ScaleResult = z.infer<typeof RESULT>;

const FILE = path.join(ROOT, 'docs/scale.json');
const PAGE = path.join(ROOT, 'docs/scale.md');
const COMMAND = 'bench scale --write';

export function readScaleResult(): ScaleResult {
  return RESULT.parse(JSON.parse(readFileSync(FILE, 'utf8')));
}

export function readScalePage(): string {
  return readFileSync(PAGE, 'utf8');
}

/** docs/scale.md with the tables that the result gives. */
export function scalePageWith({ rows, surroundings }: ScaleResult, page: string): string {
  return withGenerated(page, COMMAND, pageTables(rows, surroundings));
}

/** Keeps a result in docs/scale.json, and makes the tables of docs/scale.md from it. */
export function keepScaleResult(result: ScaleResult): void {
  writeFileSync(FILE, `${JSON.stringify(RESULT.parse(result), toThousandths, 2)}\n`);
  writeScalePage();
}

export function writeScalePage(): void {
  writeFileSync(PAGE, scalePageWith(readScaleResult(), readScalePage()));
}

/** No figure is better than that. */
function toThousandths(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
}
