// One payment as a wallet makes it: incoming payment, quote, outgoing payment, until it has ended.
import { check, fail, sleep } from 'k6';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { orderOf } from './orders.js';
import { RUN } from './place.js';

// telemetry/loadCatalogue.ts has their names in Prometheus. `run` tells the counts of this run from those of others.
const payments = new Counter('load_payments');
const units = new Counter('load_units');
const duration = new Trend('load_payment_duration', true);

const TIMEOUT = '20s';
/** A request that got no answer, or "later", is sent again under the same idempotency key. */
const ATTEMPTS = 5;
/** How long an answer about a payment may wait for its end; then it is asked for again. */
const WAIT_SECONDS = 5;
const END_WITHIN_MS = 50_000;

/** Makes the payment of this index and counts what became of it, on both sides. */
export function payment(index) {
  const { from, to, payer, payee, isFixedSend, units: amount } = orderOf(index);
  const key = `${RUN}-${index}`;
  const startedAtMs = Date.now();
  const amountIn = ({ assetCode, assetScale }) => ({ value: String(amount), assetCode, assetScale });
  const metadata = { load: RUN };

  const incoming = post(to, '/incoming-payments', `${key}-in`, {
    walletAddress: `${to.publicUrl}/${payee}`,
    ...(isFixedSend ? {} : { incomingAmount: amountIn(to) }),
    metadata,
  });
  const quote = post(from, '/quotes', `${key}-quote`, {
    walletAddress: `${from.publicUrl}/${payer}`,
    receiver: incoming.id,
    method: 'ilp',
    ...(isFixedSend ? { debitAmount: amountIn(from) } : {}),
  });
  const outgoing = post(from, '/outgoing-payments', `${key}-out`, {
    walletAddress: `${from.publicUrl}/${payer}`,
    quoteId: quote.id,
    metadata,
  });
  const ended = untilEnded(from, outgoing.id);
  duration.add(Date.now() - startedAtMs, { ase: from.name });

  // One with an amount completes by itself when the amount is there; others wait for the word of their owner.
  const path = pathOf(incoming.id);
  const received = isFixedSend
    ? post(to, `${path}/complete`, `${key}-done`, {}, '/incoming-payments/{id}/complete')
    : read(to, path, '/incoming-payments/{id}');
  check(ended, { 'the payment completed': ({ state }) => state === 'COMPLETED' });

  const paid = { run: RUN, ase: from.name, direction: 'outgoing' };
  payments.add(1, { ...paid, state: ended.state.toLowerCase() });
  units.add(Number(ended.sentAmount.value), paid);
  const got = { run: RUN, ase: to.name, direction: 'incoming' };
  if (received.state === 'COMPLETED') payments.add(1, { ...got, state: 'completed' });
  units.add(Number(received.receivedAmount.value), got);
}

function untilEnded(ase, id) {
  const path = pathOf(id);
  const deadlineMs = Date.now() + END_WITHIN_MS;
  for (;;) {
    const found = read(ase, path, '/outgoing-payments/{id}', { prefer: `wait=${WAIT_SECONDS}` });
    if (found.state === 'COMPLETED' || found.state === 'FAILED') return found;
    if (Date.now() > deadlineMs) fail(`payment ${id} does not end`);
  }
}

function post(ase, path, key, body, name = path) {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  const options = { headers, timeout: TIMEOUT, tags: { name: `POST ${name}` } };
  return answered(() => http.post(ase.url + path, JSON.stringify(body), options), `POST ${name}`);
}

function read(ase, path, name, headers = {}) {
  return answered(
    () => http.get(ase.url + path, { headers, timeout: TIMEOUT, tags: { name: `GET ${name}` } }),
    `GET ${name}`,
  );
}

function answered(send, name) {
  for (let attempt = 1; ; attempt++) {
    const response = send();
    if (response.status >= 200 && response.status < 300) return response.json();
    const mayPass = response.status === 0 || response.status === 429 || response.status >= 500;
    if (!mayPass || attempt === ATTEMPTS) {
      check(response, { 'the ASE took the request': () => false });
      fail(`${name} answers ${response.status} ${String(response.body).slice(0, 200)}`);
    }
    sleep(0.1 * 2 ** attempt);
  }
}

/** ASEs name things by URLs that work outside of containers; inside, the same path is at another host. */
function pathOf(url) {
  return url.slice(url.indexOf('/', 'http://'.length));
}
