import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program under test that can be killed in mid-sentence and started again. */
export class Program {
  readonly #start: () => ChildProcess;
  readonly #healthUrl: string;
  readonly #isKilled = new WeakSet<ChildProcess>();
  #process: ChildProcess | undefined;
  #log = '';

  constructor(options: { program: string; args: string[]; env: Record<string, string>; healthUrl: string }) {
    this.#healthUrl = options.healthUrl;
    this.#start = () =>
      spawn(options.program, options.args, { env: options.env, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Everything that it has written so far. */
  get log(): string {
    return this.#log;
  }

  /** Resolves when it answers its health check. */
  async start(): Promise<void> {
    const child = this.#start();
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#log = (this.#log + chunk.toString()).slice(-100_000);
      });
    }
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`ended with ${code} before it was healthy:\n${this.#log}`);
    });
    const healthy = until(`${this.#healthUrl} is healthy`, async () => (await fetch(this.#healthUrl)).ok);
    await Promise.race([healthy, ended]);
    // From now on its end is no failure of the start.
    ended.catch(() => {});
    child.once('exit', (code, signal) => {
      if (!this.#isKilled.has(child)) {
        console.error(
          `${this.#healthUrl}: ended by itself with ${code ?? signal}:\n${this.#log.slice(-2000)}`,
        );
      }
    });
  }

  async kill(): Promise<void> {
    const child = this.#process;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    this.#isKilled.add(child);
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

/** Asks again until the answer is there; what `ask` threw last is the cause when it never comes. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false | null>,
  timeoutMs = 60_000,
): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadlineMs) throw new Error(`not within ${timeoutMs} ms: ${what}`, { cause });
    await sleep(20);
  }
}

/** As many ports as asked for, all free and different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
