import { type JaegerSpan, spansWith } from '../fixtures/jaeger.ts';
import { sendPacket } from '../fixtures/packets.ts';
import { pay } from '../fixtures/payment.ts';
import type { Playground } from '../fixtures/playground.ts';
import { expect, test } from '../fixtures/test.ts';

const url = (playground: Playground, base: number, path = '') =>
  `http://127.0.0.1:${playground.port(base)}${path}`;

interface Page {
  result: { id: string; state: string; createdAt: string }[];
  pagination: { endCursor?: string; hasNextPage: boolean };
}

/** The newest completed payment of cloud-nine's wallets, as its own API lists them: Jaeger keeps the newest traces only. */
async function newestPayment(playground: Playground): Promise<string> {
  let newest: Page['result'][number] | undefined;
  for (const wallet of ['alice', 'bob', 'carol', 'dave']) {
    const walletAddress = url(playground, 14100, `/${wallet}`);
    for (let cursor = ''; ; ) {
      const query = new URLSearchParams({
        'wallet-address': walletAddress,
        first: '100',
        ...(cursor && { cursor }),
      });
      const response = await fetch(url(playground, 14100, `/outgoing-payments?${query}`));
      if (response.status === 404) break;
      const { result, pagination } = (await response.json()) as Page;
      for (const payment of result) {
        const isNewer = newest === undefined || payment.createdAt >= newest.createdAt;
        if (payment.state === 'COMPLETED' && isNewer) newest = payment;
      }
      if (!pagination.hasNextPage) break;
      cursor = pagination.endCursor!;
    }
  }
  if (!newest) throw new Error('cloud-nine lists no completed payment');
  return newest.id.split('/').at(-1)!;
}

/** Jaeger gets spans a second after they end. */
async function traceOf(playground: Playground, paymentId: string): Promise<JaegerSpan[]> {
  let spans: JaegerSpan[] = [];
  await expect
    .poll(
      async () => {
        spans = await spansWith(playground, 'payment.id', paymentId);
        const parents = new Set(spans.map(({ spanID }) => spanID));
        // Both ASEs have sent theirs, and no parent is missing.
        const isWhole = spans.every(({ parent }) => parent === undefined || parents.has(parent));
        return isWhole ? [...new Set(spans.map(({ ase }) => ase))].sort() : [];
      },
      { timeout: 15_000 },
    )
    .toEqual(['cloud-nine', 'happy-life']);
  return spans;
}

test('a seeded payment is one trace over both ASEs, from the quote to the last commit', async ({
  playground,
}) => {
  await playground.verb(
    'seed',
    '--payments',
    '4',
    '--seed',
    '11',
    '--from',
    'cloud-nine',
    '--to',
    'happy-life',
  );
  const paymentId = await newestPayment(playground);
  const spans = await traceOf(playground, paymentId);
  expect(new Set(spans.map(({ traceID }) => traceID)).size).toBe(1);

  const byId = new Map(spans.map((span) => [span.spanID, span]));
  const parentOf = ({ parent }: JaegerSpan) => (parent === undefined ? undefined : byId.get(parent));
  const named = (name: string, ase: string) =>
    spans.filter((span) => span.operationName === name && span.ase === ase);

  const [quote, ...otherRoots] = spans.filter(({ parent }) => parent === undefined);
  expect(otherRoots).toEqual([]);
  expect(quote).toMatchObject({ operationName: 'quote', ase: 'cloud-nine' });
  const [payment, ...otherPayments] = named('payment', 'cloud-nine');
  expect(otherPayments).toEqual([]);
  expect(payment).toMatchObject({
    parent: quote!.spanID,
    tags: { 'payment.id': paymentId, 'payment.state': 'COMPLETED', 'quote.id': quote!.tags['quote.id']! },
  });

  const sent = named('ilp.packet', 'cloud-nine');
  const received = named('ilp.packet', 'happy-life');
  // A packet for the money, and a probe for the quote unless one of the last second told; and each arrived once.
  const sentBy = new Set(sent.map((span) => parentOf(span)?.operationName));
  const isMeasured = quote!.tags['quote.path'] === 'measured';
  expect([...sentBy].sort()).toEqual(isMeasured ? ['payment', 'quote'] : ['payment']);
  expect(received).toHaveLength(sent.length);
  for (const span of received) {
    const sending = parentOf(span);
    expect(sending).toMatchObject({
      operationName: 'ilp.send',
      ase: 'cloud-nine',
      tags: { 'span.kind': 'client', 'peer.destination': 'happy-life' },
    });
    expect(span.tags).toMatchObject({
      'span.kind': 'server',
      'peer.source': 'cloud-nine',
      'ilp.amount': sending!.tags['ilp.amount']!,
      'ilp.destination': parentOf(sending!)!.tags['ilp.destination']!,
    });
    expect(span.tags['ilp.destination']).toMatch(/^test\.happy-life\./);
  }

  const forMoney = sent.filter((span) => parentOf(span) === payment);
  const units = forMoney.reduce((sum, { tags }) => sum + BigInt(tags['ilp.amount'] as string), 0n);
  expect(units).toBe(BigInt(payment!.tags['ilp.amount'] as string));
  for (const packet of forMoney) {
    const inside = spans.filter((span) => span.parent === packet.spanID).map((span) => span.operationName);
    expect(inside.sort()).toEqual(['ilp.send', 'ledger.commit', 'ledger.reserve']);
  }
});

test('what a peer cannot have meant as a trace is refused and counted, and its packet handled', async ({
  playground,
}) => {
  const refused = async () => {
    const text = await (await fetch(url(playground, 14200, '/metrics'))).text();
    return text
      .split('\n')
      .filter((line) => line.startsWith('trace_contexts_refused_total{'))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  };
  const send = (headers: Record<string, string>) =>
    sendPacket(playground, {
      to: { name: 'happy-life', port: 14200 },
      from: 'cloud-nine',
      destination: 'test.happy-life.nobody',
      headers,
    });
  const before = await refused();
  const good = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const hostile: Record<string, string>[] = [
    { traceparent: 'nonsense' },
    { traceparent: good, tracestate: 'a=1,'.repeat(3_000) },
    { traceparent: good.replace('00-', 'ff-') },
    { traceparent: `${good}${'0'.repeat(8_000)}` },
  ];
  for (const headers of hostile) expect(await send(headers)).toBe(200);
  expect((await refused()) - before).toBe(hostile.length);
  // More headers than any request has: turned away whole, and nothing else suffers.
  expect(await send({ tracestate: 'x'.repeat(40_000) })).toBe(431);
  const [from, to] = [url(playground, 14100, '/alice'), url(playground, 14200, '/bob')];
  await pay(from, to, { value: '100', assetCode: 'EUR', assetScale: 2 });
});

test('the page Traces leads to a payment, drawn span by span', async ({ page, playground }) => {
  const [from, to] = [url(playground, 14100, '/alice'), url(playground, 14200, '/bob')];
  await pay(from, to, { value: '321', assetCode: 'EUR', assetScale: 2 });
  await page.goto('/');
  await page.getByRole('link', { name: 'Traces' }).click();
  await page.getByText('Payments', { exact: true }).click();
  await page.getByTestId('data-testid trace').getByRole('link').first().click();
  await expect(page).toHaveURL(/\/trace\/[0-9a-f]{32}$/);
  const spans = page.getByTestId('data-testid waterfall').getByRole('button');
  await expect(spans.first()).toHaveText(/^quote at/);
  const sends = spans.filter({ hasText: 'ilp.send' });
  await sends.last().click();
  await expect(page.getByRole('list', { name: 'Spans' })).toContainText('peer.destination');
});

test('a latency panel has points that lead to the traces of single packets', async ({
  board,
  page,
  playground,
}) => {
  // A cold board on a busy machine takes a while.
  test.setTimeout(120_000);
  const startedMs = Date.now();
  const [from, to] = [url(playground, 14100, '/alice'), url(playground, 14200, '/bob')];
  await pay(from, to, { value: '4321', assetCode: 'EUR', assetScale: 2 });
  const query = new URLSearchParams({
    query: 'ilp_packet_latency_seconds_bucket{instance="cloud-nine"}',
    start: String(startedMs / 1000),
    end: String(startedMs / 1000 + 600),
  });
  const known = () => fetch(url(playground, 19090, `/api/v1/query_exemplars?${query}`));
  await expect.poll(async () => (await known()).text()).toContain('trace_id');
  // Panels are mounted when they come into view.
  await page.setViewportSize({ width: 1440, height: 1700 });
  // A range that stands still: at another moment a point is at another place, and a click misses it.
  // And a short one: only the newest traces are kept, and a load may have come before.
  const range = { from: String(startedMs - 5_000), to: String(Date.now()) };
  await board.open('connector-overview', { ...range, variables: { instance: 'cloud-nine' } });
  const points = page.getByTestId('data-testid exemplar');
  await expect(points.first()).toHaveAttribute('href', /^\/trace\/[0-9a-f]{32}$/, { timeout: 30_000 });
  await points.first().click();
  await expect(page.getByTestId('data-testid waterfall').getByText('ilp.packet').first()).toBeVisible();
});
