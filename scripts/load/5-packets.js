// What does a connector take by itself? ILP packets in the name of its peer, each of which it has to decode, check,
// hand to the receiver, see fulfilled and book: everything but the wallets' API before it. They carry no value: money
// that only one of two peers knows of would make their books disagree for good.
import { check, fail } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import { limits } from './lib/limits.js';
import { connectionOf, isFulfilledBy, prepareOf } from './lib/packet.js';
import { ASES, RUN, required } from './lib/place.js';
import { summaryOf } from './lib/summary.js';

const [TO] = ASES;
const TOKEN = required('LOAD_PEER_TOKEN');
const packets = new Counter('load_packets');
const EXPIRES_IN_MS = 30_000;

export const options = limits(
  { packets: { executor: 'constant-vus', vus: 16, duration: '15s' } },
  {
    http_req_failed: ['rate==0'],
    'load_packets{status:fulfilled}': ['count>0'],
    'load_packets{status:rejected}': ['count==0'],
  },
);

/** The payment that all packets belong to. */
export function setup() {
  const headers = { 'content-type': 'application/json', 'idempotency-key': `${RUN}-packets` };
  const body = JSON.stringify({ walletAddress: `${TO.publicUrl}/alice`, metadata: { load: RUN } });
  const options = { headers, tags: { name: 'POST /incoming-payments' } };
  const response = http.post(`${TO.url}/incoming-payments`, body, options);
  if (response.status !== 201) fail(`no payment to send packets to: ${response.status} ${response.body}`);
  const { id, methods } = response.json();
  return { path: id.slice(id.indexOf('/', 'http://'.length)), credentials: methods[0] };
}

let connection;

export default async function sendPacket({ credentials }) {
  connection = connection ?? (await connectionOf(credentials));
  const sequence = exec.scenario.iterationInTest + 1;
  const expiresAt = new Date(Date.now() + EXPIRES_IN_MS);
  const { packet, fulfillment } = await prepareOf(connection, { sequence, amount: 0, expiresAt });
  const response = http.post(`${TO.url}/ilp`, packet, {
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/octet-stream' },
    responseType: 'binary',
    tags: { name: 'POST /ilp' },
  });
  const isFulfilled = response.status === 200 && isFulfilledBy(response.body, fulfillment);
  check(isFulfilled, { 'the packet was fulfilled': (fulfilled) => fulfilled });
  packets.add(1, { run: RUN, ase: TO.name, status: isFulfilled ? 'fulfilled' : 'rejected' });
}

export function teardown({ path }) {
  const headers = { 'content-type': 'application/json', 'idempotency-key': `${RUN}-packets-done` };
  http.post(`${TO.url}${path}/complete`, '{}', {
    headers,
    tags: { name: 'POST /incoming-payments/{id}/complete' },
  });
}

export const handleSummary = summaryOf('packets');
