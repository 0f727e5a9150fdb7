import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type LogLine, parseLogLine } from './logLine.ts';

export interface LogFile {
  component: string;
  file: string;
}

/** As much of the end of a log as is read to show its last lines. */
const TAIL_BYTES = 512 * 1024;

/**
 * Reads log files from their ends, or from their beginnings with `whole`, and then what is added to them. One call
 * reads a part of a large file only: what follows comes with the next.
 */
export function createLogReader(files: readonly LogFile[], { whole = false } = {}) {
  const cursors = files.map(({ component, file }) => ({
    component,
    file,
    inode: 0,
    at: 0,
    rest: '',
    timeMs: 0,
  }));
  type Cursor = (typeof cursors)[number];

  function readOne(cursor: Cursor): LogLine[] {
    let handle: number;
    try {
      handle = openSync(cursor.file, 'r');
    } catch {
      return []; // not there yet
    }
    try {
      const { size, ino } = fstatSync(handle);
      const isFirst = cursor.inode === 0;
      // A log that was put aside begins anew.
      if (ino !== cursor.inode || size < cursor.at) Object.assign(cursor, { inode: ino, at: 0, rest: '' });
      if (!whole && isFirst && size > TAIL_BYTES) cursor.at = size - TAIL_BYTES;
      const isCut = isFirst && cursor.at > 0;
      const buffer = Buffer.alloc(Math.min(size - cursor.at, 4 * TAIL_BYTES));
      cursor.at += readSync(handle, buffer, 0, buffer.length, cursor.at);
      const lines = (cursor.rest + buffer.toString('utf8')).split('\n');
      cursor.rest = lines.pop() ?? '';
      return lines.slice(isCut ? 1 : 0).flatMap((text) => {
        if (text.trim() === '') return [];
        const line = parseLogLine(cursor.component, text, cursor.timeMs);
        cursor.timeMs = line.timeMs;
        return line;
      });
    } finally {
      closeSync(handle);
    }
  }

  return {
    /** What has been added since the last call, in the order of time. Files that are read in parts are not in order. */
    read: (): LogLine[] => cursors.flatMap(readOne).sort((a, b) => a.timeMs - b.timeMs),
  };
}
