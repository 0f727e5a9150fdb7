import { type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** What Node answers to a request that does not get as far as a handler, by the code of its error. */
const STATUSES: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};
const BAD_REQUEST = 400;

/**
 * Answers as Node does by itself, which tells nobody: what is no HTTP, has too large or too many headers, or comes
 * too slowly. `onUnreadable` hears of each one that gets an answer; who only hung up gets none.
 */
export function answerUnreadable(server: Server, onUnreadable: (status: number) => void): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (socket.writable && error.code !== 'ECONNRESET' && !isAnswering(socket)) {
      const status = STATUSES[error.code ?? ''] ?? BAD_REQUEST;
      onUnreadable(status);
      socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`);
    }
    socket.destroy(error);
  });
}

/** In the middle of another answer on the same connection a second one would only spoil that. */
function isAnswering(socket: Duplex & { _httpMessage?: { headersSent: boolean } | null }): boolean {
  return socket._httpMessage?.headersSent === true;
}
