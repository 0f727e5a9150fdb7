import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const OTHERS_READ = 0o004;
const OTHERS_ENTER = 0o001;

/**
 * What of these files and folders only their owner may read: a clone made under a strict umask, say. Containers run
 * as other users, and a program that may not read its configuration ends without a word about the reason.
 */
export function unreadableForOthers(sources: readonly string[]): string[] {
  return sources.flatMap((source) => {
    const stats = statSync(source, { throwIfNoEntry: false });
    if (!stats) return [];
    const wanted = stats.isDirectory() ? OTHERS_READ | OTHERS_ENTER : OTHERS_READ;
    if ((stats.mode & wanted) !== wanted) return [source];
    return stats.isDirectory()
      ? unreadableForOthers(readdirSync(source).map((name) => path.join(source, name)))
      : [];
  });
}
