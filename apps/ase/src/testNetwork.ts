import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createChainApp } from '../../chain/src/app.ts';
import { type Chain, createChain } from '../../chain/src/chain.ts';
import { openChainFile } from '../../chain/src/schema.ts';
import { CHAINS, type ChainName } from '../../chain/src/wire.ts';
import { createRatesApp } from '../../rates/src/app.ts';
import type { Rates } from '../../rates/src/rates.ts';
import { DEFAULT_RATES, dayOf } from '../../rates/src/testing.ts';
import { type Ase, createAse } from './app.ts';
import { temporaryFolder } from './ledger/testing.ts';
import { createLog } from './logs/log.ts';
import { readSettings } from './settings.ts';

/** Real ASEs over real sockets for tests: cloud-nine (USD) and happy-life (EUR), with global-bank between them if asked. */
export interface TestNetwork {
  urls: Record<string, string>;
  /** May be changed while the network runs. */
  rates: { table: Rates };
  /** Where the chains are; they make blocks much faster than real ones. */
  chainUrl: string | undefined;
  /** In this process, which is quick; or as a child process, which can be killed. */
  start(name: string, how?: 'here' | 'child'): Promise<void>;
  /** kill -9 of a child; an ASE that runs here is stopped. */
  kill(name: string): Promise<void>;
  request(name: string, method: string, path: string, options?: RequestOptions): Promise<TestAnswer>;
  admin(name: string, path: string): Promise<LedgerJson>;
  close(): Promise<void>;
}

export interface RequestOptions {
  body?: unknown;
  headers?: Record<string, string>;
}

export interface TestAnswer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  body: any;
}

interface LedgerJson {
  totals: Array<{ quantity: string; labels: Record<string, string>; value: string }>;
  accounts: Array<{
    id: string;
    balanceUnits: string;
    pendingDebitUnits: string;
    pendingCreditUnits: string;
  }>;
  inFlight: { payments: number; packets: number; settlements: number };
  audit: string[];
}

export const ADMIN_TOKEN = 'admin-token-of-the-tests';
/** What one ASE shows another. */
export const peerToken = (from: string, to: string): string => `peer-token-of-the-tests${from}${to}`;
const LINKS: Record<1 | 2, Array<[left: string, right: string, assetCode: string]>> = {
  1: [['cloud-nine', 'happy-life', 'USD']],
  2: [
    ['cloud-nine', 'global-bank', 'USD'],
    ['global-bank', 'happy-life', 'EUR'],
  ],
};
const ASSETS: Record<string, string> = { 'cloud-nine': 'USD', 'global-bank': 'USD', 'happy-life': 'EUR' };

export async function createTestNetwork(
  hops: 1 | 2 = 1,
  env: Record<string, string> = {},
  /** The chains' blocks come fast; a payee that shall have time for a dispute needs slower ones. */
  {
    settlement = false,
    blockMs = FAST_BLOCK_MS,
    onLogLine,
  }: { settlement?: boolean; blockMs?: number; onLogLine?: (line: string) => void } = {},
): Promise<TestNetwork> {
  const { folder, remove } = temporaryFolder();
  const names = hops === 1 ? ['cloud-nine', 'happy-life'] : ['cloud-nine', 'global-bank', 'happy-life'];
  const ports = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await freePort()] as const)),
  );
  const urls = Object.fromEntries(names.map((name) => [name, `http://127.0.0.1:${ports[name]}`]));
  const rates = { table: DEFAULT_RATES };
  const ratesServer = createServer(
    createRatesApp({ rates: { current: () => dayOf(rates.table) }, nowMs: Date.now }),
  );
  ratesServer.listen(0, '127.0.0.1');
  await once(ratesServer, 'listening');
  const chain = settlement ? await startChains(`${folder}/chains.sqlite`, blockMs) : undefined;
  const secretsFile = `${folder}/secrets.json`;
  const peerTokens = Object.fromEntries(
    names.flatMap((a) => names.map((b) => [`${a}>${b}`, peerToken(a, b)])),
  );
  writeFileSync(secretsFile, JSON.stringify({ adminToken: ADMIN_TOKEN, peerTokens }));

  const running = new Map<string, Ase | ChildProcess>();
  const environment = (name: string): Record<string, string> => ({
    ASE_NAME: name,
    ASE_PORT: String(ports[name]),
    ASE_PUBLIC_URL: urls[name]!,
    ASE_ILP_ADDRESS: `test.${name}`,
    ASE_ASSET_CODE: ASSETS[name]!,
    ASE_ASSET_SCALE: '2',
    ASE_DATA_DIR: `${folder}/${name}`,
    ASE_PEERS: JSON.stringify(peersOf(name, names, LINKS[hops], urls, settlement)),
    ...(chain && { ASE_CHAIN_URL: chain.url, ASE_SETTLEMENT_POLL_MS: '50' }),
    ASE_SECRETS_FILE: secretsFile,
    ASE_RATES_URL: `http://127.0.0.1:${portOf(ratesServer)}/rates`,
    ASE_RATES_POLL_SECONDS: '1',
    ASE_RECEIVER_ALLOW_LIST: Object.values(urls).join(','),
    ASE_LOG_LEVEL: 'error',
    ...env,
  });

  async function kill(name: string): Promise<void> {
    const ase = running.get(name);
    running.delete(name);
    if (!ase) return;
    if ('stop' in ase) return ase.stop();
    ase.kill('SIGKILL');
    if (ase.exitCode === null && ase.signalCode === null) await once(ase, 'exit');
  }

  async function request(
    name: string,
    method: string,
    path: string,
    options: RequestOptions = {},
  ): Promise<TestAnswer> {
    const { body } = options;
    const response = await fetch(path.startsWith('http') ? path : `${urls[name]}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...options.headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  return {
    urls,
    rates,
    chainUrl: chain?.url,
    request,
    kill,
    async start(name, how = 'here') {
      if (how === 'here') {
        const log = onLogLine
          ? createLog({ nodeId: name, level: 'debug' }, { write: onLogLine })
          : createLog({ nodeId: name, level: 'error' });
        const ase = createAse(readSettings(environment(name)), log);
        await ase.start();
        running.set(name, ase);
        return;
      }
      const child = spawn(process.execPath, [MAIN], {
        env: { ...environment(name), ASE_LOG_LEVEL: 'info' },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      running.set(name, child);
      await outputOf(child, 'Listening');
    },
    async admin(name, path) {
      const answer = await request(name, 'GET', path, {
        headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
      });
      return answer.body;
    },
    async close() {
      await Promise.all([...running.keys()].map(kill));
      ratesServer.close();
      ratesServer.closeAllConnections();
      chain?.close();
      remove();
    },
  };
}

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

/** Resolves when the child has written this word to its log. */
function outputOf(child: ChildProcess, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-10_000);
      if (log.includes(word)) resolve();
    });
    child.once('exit', () => reject(new Error(`The ASE ended before "${word}": ${log}`)));
  });
}

function peersOf(
  name: string,
  names: string[],
  links: (typeof LINKS)[1],
  urls: Record<string, string>,
  settlement: boolean,
): object[] {
  return links.flatMap(([left, right, assetCode]) => {
    if (name !== left && name !== right) return [];
    const id = name === left ? right : left;
    const forward = names.indexOf(id) > names.indexOf(name);
    const behind = names.filter((other) =>
      forward ? names.indexOf(other) >= names.indexOf(id) : names.indexOf(other) <= names.indexOf(id),
    );
    return {
      id,
      ilpAddress: `test.${id}`,
      url: `${urls[id]}/ilp`,
      assetCode,
      assetScale: 2,
      creditLimitUnits: '100000000000',
      maxPacketAmountUnits: '10000',
      routes: behind.map((other) => `test.${other}`),
      ...(settlement && { settlement: { method: name === left ? 'xrp' : 'evm', ...TERMS } }),
    };
  });
}

const TERMS = { thresholdUnits: '2000', settleToUnits: '100', channelUnits: '6000' };
const FAST_BLOCK_MS = 40;

/** The chains of a playground in this process. */
async function startChains(file: string, blockMs: number): Promise<{ url: string; close(): void }> {
  const db = openChainFile(file);
  const rules = { blockMs };
  const chains = Object.fromEntries(
    CHAINS.map((chain) => [chain, createChain({ db, chain, rules })]),
  ) as Record<ChainName, Chain>;
  const server = createServer(createChainApp({ chains, adminToken: ADMIN_TOKEN, log: () => {} }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const blocks = setInterval(() => {
    for (const chain of CHAINS) chains[chain].produce();
  }, blockMs);
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    close() {
      clearInterval(blocks);
      server.close();
      server.closeAllConnections();
      db.close();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
