import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type Board, parseBoard } from './board.ts';

export interface BrokenDashboard {
  file: string;
  problem: string;
}

export interface Dashboards {
  boards: Board[];
  broken: BrokenDashboard[];
}

export interface DashboardStore {
  /** The boards as the files are now. A file that cannot be used is named in `broken`. */
  read(): Promise<Dashboards>;
}

type Entry = { board: Board } | { problem: string };

const MAX_FILES = 500;
const MAX_FILE_BYTES = 5_000_000;

/**
 * Boards from the JSON files in a folder and its subfolders. It looks at each file's time and size when asked
 * and reads again what changed: no watcher that could miss a change on a mounted or replaced folder.
 */
export function createDashboardStore(folder: string): DashboardStore {
  const known = new Map<string, { stamp: string; entry: Entry }>();
  return {
    async read() {
      const files = await listFiles(folder).catch((error: NodeJS.ErrnoException) => error);
      if (files instanceof Error) {
        return { boards: [], broken: [{ file: folder, problem: `cannot be read (${files.code})` }] };
      }
      for (const path of known.keys()) if (!files.includes(path)) known.delete(path);
      const entries = await Promise.all(
        files.map(async (path) => {
          const file = relative(folder, path).split(sep).join('/');
          const { size, mtimeMs } = await stat(path).catch(() => ({ size: -1, mtimeMs: 0 }));
          const stamp = `${size} ${mtimeMs}`;
          const last = known.get(path);
          if (last?.stamp === stamp) return { file, entry: last.entry };
          const entry = await readEntry(path, file, size);
          known.set(path, { stamp, entry });
          return { file, entry };
        }),
      );
      return sortOut(entries);
    },
  };
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json') && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .slice(0, MAX_FILES);
}

async function readEntry(path: string, file: string, size: number): Promise<Entry> {
  if (size > MAX_FILE_BYTES) return { problem: `is larger than ${MAX_FILE_BYTES} bytes` };
  try {
    return parseBoard(await readFile(path, 'utf8'), file);
  } catch {
    return { problem: 'cannot be read' };
  }
}

/** Two files with one uid: the first keeps it, as in Grafana's provisioning. */
function sortOut(entries: Array<{ file: string; entry: Entry }>): Dashboards {
  const byUid = new Map<string, Board>();
  const broken: BrokenDashboard[] = [];
  for (const { file, entry } of entries) {
    if ('problem' in entry) {
      broken.push({ file, problem: entry.problem });
      continue;
    }
    const first = byUid.get(entry.board.uid);
    if (first) broken.push({ file, problem: `has the same uid “${first.uid}” as ${first.file}` });
    else byUid.set(entry.board.uid, entry.board);
  }
  return { boards: [...byUid.values()].sort((a, b) => a.title.localeCompare(b.title)), broken };
}
