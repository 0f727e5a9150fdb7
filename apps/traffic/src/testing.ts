import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Call {
  method: string;
  path: string;
  key: string | undefined;
  body: Record<string, unknown>;
}
export interface Reply {
  status: number;
  body: object;
}

/** As much of an ASE as a client needs: every payment is completed at the second look. */
export async function startFakeAse(
  overrides: (call: Call, nth: number) => Reply | 'hang up' | undefined = () => undefined,
) {
  const calls: Call[] = [];
  let pausedUntilMs = 0;
  let looks = 0;
  const amount = { value: '500', assetCode: 'USD', assetScale: 2 };

  const server = createServer(async (request, response) => {
    const call: Call = {
      method: request.method!,
      path: request.url!,
      key: request.headers['idempotency-key'] as string | undefined,
      body: await readBody(request),
    };
    calls.push(call);
    const nth = calls.filter(({ method, path }) => method === call.method && path === call.path).length;
    const reply = overrides(call, nth) ?? answer(call);
    if (reply === 'hang up') {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body));
  });

  function answer({ method, path }: Call): Reply {
    const at = `${method} ${path}`;
    const replies: Record<string, () => Reply> = {
      'GET /alice': () => ok({ id: `${url()}/alice`, assetCode: 'USD', assetScale: 2 }),
      'GET /bob': () => ok({ id: `${url()}/bob`, assetCode: 'USD', assetScale: 2 }),
      'POST /incoming-payments': () =>
        ok({ id: `${url()}/incoming-payments/x`, receivedAmount: { ...amount, value: '0' } }),
      'GET /incoming-payments/x': () => ok({ receivedAmount: amount }),
      'POST /incoming-payments/x/complete': () => ok({ receivedAmount: amount }),
      'POST /quotes': () => ok({ id: `${url()}/quotes/x` }),
      'POST /outgoing-payments': () =>
        ok({ id: `${url()}/outgoing-payments/x`, state: 'FUNDING', sentAmount: amount }),
      'GET /outgoing-payments/x': () =>
        ok({ state: ++looks % 2 === 1 ? 'SENDING' : 'COMPLETED', sentAmount: amount }),
      'GET /admin/traffic': () => ok({ pausedUntilMs }),
    };
    return replies[at]?.() ?? { status: 404, body: { error: { code: 'not_found', description: at } } };
  }

  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const listen = async (port = 0) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen();
  return {
    url: url(),
    calls,
    /** Paths of the calls that this method made. */
    paths: (method: string) => calls.filter((call) => call.method === method).map(({ path }) => path),
    pause: (untilMs: number) => {
      pausedUntilMs = untilMs;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const ok = (body: object): Reply => ({ status: 200, body });

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? {} : JSON.parse(text);
}
