import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { ConnectionSide } from '../../../../telemetry/catalogue.ts';
import type { OperatorMetrics } from './instruments.ts';

/** Often enough that every export tells something new. */
const COUNT_EVERY_MS = 500;

interface Counted {
  side: ConnectionSide;
  received: number;
  sent: number;
}

/**
 * Counts the TCP connections of this process and the bytes over them, whoever opens them: Node tells of every socket.
 * Bytes of long connections are counted as they come; nothing is added to the way of a packet.
 */
export function observeSockets(metrics: Pick<OperatorMetrics, 'add' | 'change'>): {
  /** A connection was refused because there are too many. */
  refused(): void;
  stop(): void;
} {
  const open = new Map<Socket, Counted>();

  function count(socket: Socket, counted: Counted): void {
    const { bytesRead, bytesWritten } = socket;
    const { side, received, sent } = counted;
    if (bytesRead > received) {
      const labels = { network_io_direction: 'receive', side };
      metrics.add('process_network_io_bytes_total', labels, BigInt(bytesRead - received));
      counted.received = bytesRead;
    }
    if (bytesWritten > sent) {
      const labels = { network_io_direction: 'transmit', side };
      metrics.add('process_network_io_bytes_total', labels, BigInt(bytesWritten - sent));
      counted.sent = bytesWritten;
    }
  }

  function follow(socket: Socket, side: ConnectionSide): void {
    const outcome = side === 'server' ? 'accepted' : 'established';
    metrics.add('process_network_connections_total', { side, outcome }, 1n);
    metrics.change('process_network_open_connections', { side }, 1);
    const counted: Counted = { side, received: 0, sent: 0 };
    open.set(socket, counted);
    socket.once('close', () => {
      count(socket, counted);
      open.delete(socket);
      metrics.change('process_network_open_connections', { side }, -1);
    });
  }

  const onServerSocket = (message: unknown) => follow((message as { socket: Socket }).socket, 'server');
  const onClientSocket = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    const failed = () =>
      metrics.add('process_network_connections_total', { side: 'client', outcome: 'failed' }, 1n);
    socket.once('close', failed);
    socket.once('connect', () => {
      socket.off('close', failed);
      follow(socket, 'client');
    });
  };
  subscribe('net.server.socket', onServerSocket);
  subscribe('net.client.socket', onClientSocket);
  const timer = setInterval(() => {
    for (const [socket, counted] of open) count(socket, counted);
  }, COUNT_EVERY_MS).unref();

  return {
    refused: () =>
      metrics.add('process_network_connections_total', { side: 'server', outcome: 'refused' }, 1n),
    stop() {
      clearInterval(timer);
      unsubscribe('net.server.socket', onServerSocket);
      unsubscribe('net.client.socket', onClientSocket);
    },
  };
}
