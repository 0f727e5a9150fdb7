import { connect, createServer, type Server, type Socket } from 'node:net';
import { type CheckTiming, Replica } from './replica.ts';
import type { ReplicaAddress } from './settings.ts';

export interface BalancerOptions {
  replicas: readonly ReplicaAddress[];
  /** Those above it are refused at once. */
  maxConnections: number;
  checks?: CheckTiming;
  connectTimeoutMs?: number;
  /** A connection on which nothing has moved for so long ends. */
  idleTimeoutMs?: number;
  /** How long one side may go on after the other has said that it is done. */
  halfOpenTimeoutMs?: number;
  log: (level: 'info' | 'warn', message: string) => void;
}

export interface BalancerState {
  /** At least one replica works. */
  ok: boolean;
  connections: number;
  accepted: number;
  /** Too many at once, or no replica to take it. */
  refused: number;
  replicas: { name: string; healthy: boolean; why: string | null; connections: number }[];
}

export interface Balancer {
  server: Server;
  state(): BalancerState;
  /** Takes no more connections, lets those that are there end, and ends them itself after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

const CHECKS: CheckTiming = { everyMs: 1000, timeoutMs: 1000 };
/** Finds out that the other side is gone without a word. */
const KEEP_ALIVE_MS = 15_000;

/**
 * A balancer of TCP connections: each goes to the next replica that works, and stays with it. It looks at no byte, so
 * every protocol passes. The caller listens on `server`.
 */
export function createBalancer(options: BalancerOptions): Balancer {
  const { maxConnections, log, connectTimeoutMs = 1000 } = options;
  const { idleTimeoutMs = 120_000, halfOpenTimeoutMs = 5000 } = options;
  const clients = new Set<Socket>();
  let turn = 0;
  let accepted = 0;
  let refused = 0;
  const replicas = options.replicas.map(
    (address) =>
      new Replica(address, ({ trouble }) =>
        trouble === undefined
          ? log('info', `${address.name} works`)
          : log('warn', `${address.name} is left out: ${trouble}`),
      ),
  );

  // Nothing is read from a client before its replica has been reached, so that nothing piles up here.
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (client) => {
    if (clients.size >= maxConnections) {
      refused += 1;
      client.destroy();
      return;
    }
    clients.add(client);
    client.on('error', () => {}).on('close', () => clients.delete(client));
    client.setKeepAlive(true, KEEP_ALIVE_MS);
    void attach(client);
  });

  async function attach(client: Socket): Promise<void> {
    for (const replica of inTurn()) {
      const upstream = await reach(replica.address, connectTimeoutMs).catch((error: Error) => {
        replica.fell(`no connection: ${error.message}`);
      });
      if (!upstream) continue;
      if (client.destroyed || replica.trouble !== undefined) {
        upstream.destroy();
        if (client.destroyed) return;
        continue;
      }
      accepted += 1;
      upstream.setKeepAlive(true, KEEP_ALIVE_MS);
      replica.connections.add(upstream);
      upstream.on('close', () => replica.connections.delete(upstream));
      join(client, upstream, { idleTimeoutMs, halfOpenTimeoutMs });
      return;
    }
    refused += 1;
    client.destroy();
  }

  /** The replicas that work, each once, beginning with the one whose turn it is. */
  function inTurn(): Replica[] {
    const healthy = replicas.filter(({ trouble }) => trouble === undefined);
    const first = healthy.length === 0 ? 0 : turn++ % healthy.length;
    return [...healthy.slice(first), ...healthy.slice(0, first)];
  }

  for (const replica of replicas) replica.watch(options.checks ?? CHECKS);

  return {
    server,
    state: () => ({
      ok: replicas.some(({ trouble }) => trouble === undefined),
      connections: clients.size,
      accepted,
      refused,
      replicas: replicas.map(({ address: { name }, trouble, connections }) => ({
        name,
        healthy: trouble === undefined,
        why: trouble ?? null,
        connections: connections.size,
      })),
    }),
    async stop(graceMs) {
      for (const replica of replicas) replica.stop();
      const end = setTimeout(() => {
        for (const client of clients) client.destroy();
      }, graceMs);
      await new Promise<void>((resolve) => server.close(() => resolve()));
      clearTimeout(end);
    },
  };
}

function reach({ host, port }: ReplicaAddress, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
    const late = setTimeout(() => socket.destroy(new Error(`not within ${timeoutMs} ms`)), timeoutMs);
    socket.once('connect', () => {
      clearTimeout(late);
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', reject);
    socket.once('close', () => clearTimeout(late));
  });
}

/** Bytes go both ways, with back-pressure; the end of one side is told to the other; an error ends both. */
function join(
  client: Socket,
  upstream: Socket,
  limits: { idleTimeoutMs: number; halfOpenTimeoutMs: number },
): void {
  const both = [
    [client, upstream],
    [upstream, client],
  ] as const;
  for (const [from, to] of both) {
    from.on('error', () => {});
    from.on('close', () => to.destroy());
    from.setTimeout(limits.idleTimeoutMs, () => from.destroy());
    from.once('end', () => {
      const late = setTimeout(() => to.destroy(), limits.halfOpenTimeoutMs);
      to.once('close', () => clearTimeout(late));
    });
    from.pipe(to);
  }
}
