import { once } from 'node:events';
import { createServer as createHttp2Server, type ServerHttp2Session } from 'node:http2';
import { createServer, type Socket } from 'node:net';

/** A series as a collector got it; a histogram's value is its count. */
export interface SentPoint {
  attributes: Record<string, string>;
  value: bigint;
}

/** One OTLP message, as far as tests look into it. */
export interface SentMetrics {
  resource: Record<string, string>;
  scope: string;
  metrics: Map<string, SentPoint[]>;
}

export interface FakeCollector {
  url: string;
  received: SentMetrics[];
  /** How many connections it has seen. */
  connections(): number;
  /** The newest value of a metric; undefined before it came. */
  value(metric: string): bigint | undefined;
  close(): Promise<void>;
}

/** A collector that takes every message over gRPC and keeps what is in it; on a port that is free, or this one. */
export async function startFakeCollector(port = 0, { keeps = true } = {}): Promise<FakeCollector> {
  const received: SentMetrics[] = [];
  const sessions = new Set<ServerHttp2Session>();
  let connections = 0;
  const server = createHttp2Server();
  server.on('connection', () => {
    connections += 1;
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  server.on('stream', (stream) => {
    const chunks: Buffer[] = [];
    stream.on('error', () => {});
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      // Behind five bytes: whether it is compressed, and its length.
      if (keeps) received.push(decodeMetrics(Buffer.concat(chunks).subarray(5)));
      stream.end(Buffer.alloc(5));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    received,
    connections: () => connections,
    value: (metric) => received.at(-1)?.metrics.get(metric)?.[0]?.value,
    async close() {
      for (const session of sessions) session.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Takes connections and never answers. */
export async function startDeafServer(): Promise<{
  url: string;
  connections(): number;
  close(): Promise<void>;
}> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    connections: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Fields of a protocol-buffers message, by number; what has a length stays bytes. */
type Fields = Map<number, Array<Buffer | bigint>>;

/** An ExportMetricsServiceRequest with one resource and one scope. */
function decodeMetrics(message: Buffer): SentMetrics {
  const resourceMetrics = nested(fieldsOf(message), 1)[0]!;
  const scopeMetrics = nested(resourceMetrics, 2)[0]!;
  return {
    resource: attributesOf(nested(resourceMetrics, 1)[0]!, 1),
    scope: textOf(nested(scopeMetrics, 1)[0]!, 1),
    metrics: new Map(
      nested(scopeMetrics, 2).map((metric) => {
        const [sum] = nested(metric, SUM);
        const [histogram] = nested(metric, HISTOGRAM);
        return [textOf(metric, 1), sum ? pointsOf(sum, 7, 6) : histogram ? pointsOf(histogram, 9, 4) : []];
      }),
    ),
  };
}
const SUM = 7;
const HISTOGRAM = 9;

function pointsOf(data: Fields, attributes: number, value: number): SentPoint[] {
  return nested(data, 1).map((point) => ({
    attributes: attributesOf(point, attributes),
    value: (point.get(value)?.[0] as bigint | undefined) ?? 0n,
  }));
}

function attributesOf(message: Fields, number: number): Record<string, string> {
  return Object.fromEntries(
    nested(message, number).map((pair) => [textOf(pair, 1), textOf(nested(pair, 2)[0]!, 1)]),
  );
}

const textOf = (message: Fields, number: number): string => String(message.get(number)?.[0] ?? '');
const nested = (message: Fields, number: number): Fields[] =>
  (message.get(number) ?? []).map((bytes) => fieldsOf(bytes as Buffer));

function fieldsOf(bytes: Buffer): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    let value: Buffer | bigint;
    if (tag % 8 === 0) value = varint();
    else if (tag % 8 === 1) {
      value = bytes.readBigInt64LE(at);
      at += 8;
    } else if (tag % 8 === 2) {
      const length = Number(varint());
      value = bytes.subarray(at, at + length);
      at += length;
    } else throw new Error(`wire type ${tag % 8} is not expected here`);
    const number = Math.floor(tag / 8);
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;
}
