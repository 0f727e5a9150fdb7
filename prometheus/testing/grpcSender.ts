import { type ClientHttp2Session, connect } from 'node:http2';

export interface GrpcAnswer {
  /** 0 OK, 3 invalid argument, 8 resource exhausted, 13 internal, 14 unavailable; -1: the connection broke. */
  status: number;
  message: string;
}

const PATH = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';
const TIMEOUT_MS = 10_000;

/** One connection to an OTLP receiver, on which any bytes can be sent as messages. */
export class GrpcSender {
  readonly #session: ClientHttp2Session;

  /** `url` is http://host:port. */
  constructor(url: string) {
    this.#session = connect(url);
    this.#session.on('error', () => {});
  }

  /** Sends one message and resolves with its status, whatever that is. */
  send(message: Buffer): Promise<GrpcAnswer> {
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(message.length, 1);
    return new Promise((resolve) => {
      if (this.#session.destroyed) return resolve({ status: -1, message: 'no connection' });
      const stream = this.#session.request({
        ':method': 'POST',
        ':path': PATH,
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      const answer = (headers: Record<string, unknown>) => {
        if (headers['grpc-status'] === undefined) return;
        resolve({
          status: Number(headers['grpc-status']),
          message: decodeURIComponent(String(headers['grpc-message'] ?? '')),
        });
      };
      stream.setTimeout(TIMEOUT_MS, () => stream.destroy(new Error('no answer')));
      stream
        .on('response', answer)
        .on('trailers', answer)
        .on('data', () => {});
      stream.on('error', (error) => resolve({ status: -1, message: error.message }));
      stream.on('close', () => resolve({ status: -1, message: 'closed without a status' }));
      stream.end(Buffer.concat([prefix, message]));
    });
  }

  close(): void {
    this.#session.destroy();
  }
}
