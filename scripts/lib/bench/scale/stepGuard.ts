import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { mebibytes } from '../../text.ts';

/** What a step may take of the machine; more ends the step. */
export interface Budget {
  /** Resident memory of all its processes together. */
  rssBytes: number;
  /** Its state folder. */
  diskBytes: number;
}

/** A step was ended because it would have taken too much; the message says of what. */
export class StepEnded extends Error {}

export function overMemory(rssBytes: number, budget: Budget): StepEnded {
  return new StepEnded(`memory: ${mebibytes(rssBytes)} resident, ${mebibytes(budget.rssBytes)} allowed`);
}

const LOOK_EVERY_MS = 2000;

/** Looks at the state folder until `signal` ends it; tells once when it has grown beyond the budget. */
export async function watchDisk(
  folder: string,
  budget: Budget,
  onExceeded: (reason: StepEnded) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const bytes = await folderBytes(folder);
    if (bytes > budget.diskBytes) {
      onExceeded(new StepEnded(`disk: ${mebibytes(bytes)} written, ${mebibytes(budget.diskBytes)} allowed`));
      return;
    }
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}

/** All files in a folder and below it; what vanishes meanwhile counts nothing. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(path.join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  );
  return sizes.reduce((total, size) => total + size, 0);
}
