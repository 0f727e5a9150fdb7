import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseDay, type RatesDay } from './rates.ts';

/** Where the rates of the newest day are kept. */
export interface DayFile {
  /** Undefined when there is none. Rejects when there is one that is damaged. */
  read(): Promise<RatesDay | undefined>;
  /** Over the day before, of which nothing stays: readers see the one or the other, never a part. */
  write(day: RatesDay): Promise<void>;
}

export function createDayFile(file: string): DayFile {
  return {
    async read() {
      let text: string;
      try {
        text = await readFile(file, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
      try {
        return parseDay(text);
      } catch (error) {
        throw new Error(`${file} is damaged: ${error instanceof Error ? error.message : error}`);
      }
    },
    async write(day) {
      await mkdir(path.dirname(file), { recursive: true });
      // A name of its own for every writer: two at once do not write into each other's.
      const temporary = `${file}.${randomUUID()}.tmp`;
      try {
        const handle = await open(temporary, 'wx', 0o644);
        try {
          await handle.writeFile(`${JSON.stringify(day)}\n`);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(temporary, file);
      } finally {
        await rm(temporary, { force: true });
      }
    },
  };
}
