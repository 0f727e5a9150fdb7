/**
 * One ASE without wallets' API, as a process of its own: the crash test starts several and kills them.
 * Its one argument is a CrashNodeSettings as JSON. It sends packets whenever it runs, and says over HTTP how its
 * books stand.
 */
import { createServer } from 'node:http';
import express from 'express';
import { serializeIlpPrepare } from 'ilp-packet';
import { createConnector } from '../connector/connector.ts';
import { CONDITION, fixedRate, PREIMAGE, prepareOf, recordingMetrics, silent } from '../connector/testing.ts';
import type { LocalReceiver, PacketSource, Peer } from '../connector/types.ts';
import { createLedger } from '../ledger/ledger.ts';
import type { Account, Total } from '../ledger/types.ts';
import { createIlpHandler } from './handler.ts';
import { createPeerLink } from './peerLink.ts';

export interface CrashNodeSettings {
  name: string;
  port: number;
  ledgerFile: string;
  assetCode: string;
  peers: Array<{ id: string; port: number; assetCode: string; routes: string[] }>;
  /** Whom its traffic goes to, and how many packets are under way at once. */
  sendTo: string;
  concurrency: number;
}

export interface CrashNodeBooks {
  accounts: Account[];
  totals: Total[];
  audit: string[];
  inFlight: number;
  sent: number;
}

const settings: CrashNodeSettings = JSON.parse(process.argv[2] ?? '');
const asset = { assetCode: settings.assetCode, assetScale: 2 };
const ledger = createLedger({ file: settings.ledgerFile, keepTransfers: 500 });
const peers: Peer[] = settings.peers.map(({ id, assetCode, routes }) => ({
  id,
  ilpAddress: `test.${id}`,
  assetCode,
  assetScale: 2,
  creditLimitUnits: 10n ** 12n,
  maxPacketAmountUnits: 10_000n,
  routes,
}));

/** Takes its time, rejects some, fulfills most. */
const receiver: LocalReceiver = {
  resolve: () => ({
    accountId: 'wallet:receiver',
    ...asset,
    onPosted() {},
    afterPosted() {},
    onRefused() {},
  }),
  async receive({ data }) {
    if (data[0]! % 4 === 0) await new Promise((resolve) => setTimeout(resolve, data[1]! % 40));
    if (data[0]! % 10 === 0) return { code: 'F99', triggeredBy: '', message: '', data: Buffer.alloc(0) };
    return { fulfillment: PREIMAGE, data: Buffer.alloc(0) };
  },
};

const connector = createConnector({
  ilpAddress: `test.${settings.name}`,
  asset,
  peers,
  links: new Map(
    settings.peers.map(({ id, port }) => [
      id,
      createPeerLink({ url: `http://127.0.0.1:${port}/ilp`, token: `token-of-${settings.name}` }),
    ]),
  ),
  ledger,
  rates: fixedRate({ numerator: 91n, denominator: 100n }),
  receiver,
  metrics: recordingMetrics(),
  log: silent,
});

await connector.recover();
await ledger.commit((tx) => {
  for (const id of ['wallet:sender', 'wallet:receiver'] as const) {
    tx.openAccount({ id, ...asset, minBalanceUnits: 0n, maxBalanceUnits: null });
  }
  if (tx.account('wallet:sender')!.postedCreditUnits > 0n) return;
  const legs = [
    { debit: `external:${asset.assetCode}`, credit: 'wallet:sender', amountUnits: 10n ** 10n },
  ] as const;
  tx.transfer({ id: 'opening:sender', legs });
});

let sending = true;
let sent = 0;
const app = express();
app.post(
  '/ilp',
  createIlpHandler({ connector, peers: peers.map((peer) => ({ peer, token: `token-of-${peer.id}` })) }),
);
app.post('/quiet', (_request, response) => {
  sending = false;
  response.end();
});
app.get('/books', (_request, response) => {
  const books: CrashNodeBooks = {
    accounts: ledger.accounts(),
    totals: ledger.totals(),
    audit: ledger.audit(),
    inFlight: connector.inFlight(),
    sent,
  };
  response
    .type('json')
    .send(JSON.stringify(books, (_key, value) => (typeof value === 'bigint' ? `${value}` : value)));
});
createServer(app).listen(settings.port, '127.0.0.1');

const sender: PacketSource = {
  accountId: 'wallet:sender',
  ilpAddress: `test.${settings.name}.sender`,
  ...asset,
};
async function sendForever(): Promise<void> {
  while (sending) {
    const amount = String(2 + Math.floor(Math.random() * 1_000));
    const prepare = prepareOf({
      amount,
      destination: `${settings.sendTo}.receiver`,
      executionCondition: CONDITION,
    });
    const reply = await connector.handle(sender, serializeIlpPrepare(prepare));
    sent += 1;
    // The peer is down just now: no need to ask ten thousand times a second.
    if (reply[0] !== 13) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
for (let n = 0; n < settings.concurrency; n += 1) void sendForever();
