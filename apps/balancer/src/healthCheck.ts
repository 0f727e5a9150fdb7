import { connect } from 'node:net';

const MAX_ANSWER_BYTES = 4096;

/**
 * Asks `http://host:port/` whether the program behind it works: undefined when it answers 200, else what is wrong.
 * Without node:http, which would be a third of this process's memory.
 */
export function checkHealth(host: string, port: number, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ host, port });
    const finish = (trouble: string | undefined) => {
      clearTimeout(late);
      socket.destroy();
      resolve(trouble);
    };
    const late = setTimeout(
      () => finish(`its health check does not answer within ${timeoutMs} ms`),
      timeoutMs,
    );
    socket.setEncoding('latin1');
    socket.on('connect', () =>
      socket.write(`GET / HTTP/1.0\r\nHost: ${host}:${port}\r\nConnection: close\r\n\r\n`),
    );
    socket.on('data', (text: string) => {
      answer += text;
      const status = /^HTTP\/1\.[01] (\d{3})[ \r]/.exec(answer)?.[1];
      if (status !== undefined) finish(status === '200' ? undefined : `its health check answers ${status}`);
      else if (answer.length > MAX_ANSWER_BYTES) finish('its health check answers no HTTP');
    });
    socket.on('end', () => finish('its health check answers nothing'));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      finish(`its health check fails: ${error.code ?? error.message}`),
    );
  });
}
