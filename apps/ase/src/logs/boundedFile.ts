import { fstatSync, ftruncateSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/**
 * Bounds the file behind `fd` while the process runs: when a line would take it past `maxBytes` it begins anew, with
 * `note` as its first line. The file has to be open for appending, as a shell's `>>` opens it. Pipes and terminals
 * are somebody else's to bound, and are left as they are.
 */
export function boundedFile(
  out: DestinationStream,
  { fd, maxBytes, note }: { fd: number; maxBytes: number; note: () => string },
): DestinationStream {
  const file = fstatSync(fd);
  if (!file.isFile()) return out;
  let bytes = file.size;
  return {
    write(line) {
      bytes += Buffer.byteLength(line);
      if (bytes > maxBytes) {
        ftruncateSync(fd, 0);
        const first = note();
        out.write(first);
        bytes = Buffer.byteLength(first) + Buffer.byteLength(line);
      }
      out.write(line);
    },
  };
}
