import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { makePayment, waitForEnd } from '../../../apps/ase/src/payments/paymentScript.ts';
import { ADMIN_TOKEN, createTestNetwork, type TestNetwork } from '../../../apps/ase/src/testNetwork.ts';
import { until } from '../../../prometheus/testing/program.ts';
import { createAdmin } from '../admin.ts';
import type { Patient } from '../doctor/patient.ts';
import { lookAtSettlement } from '../doctor/settlementHop.ts';
import { type ChainTruth, chainTruth } from './readChain.ts';
import { truthText } from './render.ts';

const NAMES = ['cloud-nine', 'happy-life'];

/** Real ASEs that have settled once each way; ends with the work. */
async function withSettledNetwork(work: (network: TestNetwork) => Promise<void>): Promise<void> {
  const network = await createTestNetwork(1, {}, { settlement: true });
  try {
    await Promise.all(NAMES.map((name) => network.start(name)));
    for (const [from, to] of [NAMES, NAMES.toReversed()]) {
      const { outgoing } = await makePayment(network, { from: from!, to: to!, receiveUnits: 9_000n });
      assert.equal((await waitForEnd(network, outgoing)).state, 'COMPLETED');
      await until('it is settled', () => isAtRest(network));
    }
    await work(network);
  } finally {
    await network.close();
  }
}

async function isAtRest(network: TestNetwork): Promise<boolean> {
  const ledgers = await Promise.all(NAMES.map((name) => network.admin(name, '/admin/ledger')));
  return ledgers.every(({ inFlight }) => inFlight.payments + inFlight.settlements === 0);
}

function look(network: TestNetwork, chainUrl: string): Promise<ChainTruth> {
  const admins = NAMES.map((name) => createAdmin(network.urls[name]!, ADMIN_TOKEN));
  return chainTruth(placeOf(network, chainUrl), admins);
}

function placeOf(network: TestNetwork, chainUrl: string): Patient['playground'] {
  const ases = NAMES.map((name) => ({ name, url: network.urls[name]! }));
  return { ases, chainUrl, adminToken: ADMIN_TOKEN } as Patient['playground'];
}

test(
  'the sums on the chains are those of the books; one unit more or less is noticed',
  { timeout: 60_000 },
  () =>
    withSettledNetwork(async (network) => {
      const { rows, problems } = await look(network, network.chainUrl!);
      assert.deepEqual(problems, []);
      // Two chains for each ASE, with one token: what it has there, and what is in its channels.
      assert.equal(rows.length, 8);
      assert.ok(
        rows.every(({ equal }) => equal),
        truthText(reportOf(rows)),
      );
      assert.ok(
        rows.some(({ quantity, ledger }) => quantity === 'settlement_in_channels_units' && ledger !== '0'),
      );

      const liar = createServer(async (request, response) => {
        const answer = await fetch(`${network.chainUrl}${request.url}`);
        const text = await answer.text();
        response.writeHead(answer.status).end(text.replace(/"units":"(\d+)\d"/, '"units":"$17"'));
      });
      liar.listen(0, '127.0.0.1');
      await once(liar, 'listening');
      const lies = await look(network, `http://127.0.0.1:${(liar.address() as AddressInfo).port}`);
      liar.close();
      liar.closeAllConnections();
      const unequal = lies.rows.filter(({ equal }) => !equal);
      assert.ok(unequal.length > 0);
      assert.match(truthText(reportOf(lies.rows)), /settlement_on_chain_units +cloud-nine .*chain: \d+7/);
    }),
);

test('a chain that does not answer is a problem, and no settlement at all is a note', {
  timeout: 60_000,
}, async () => {
  await withSettledNetwork(async (network) => {
    const { rows, problems } = await look(network, 'http://127.0.0.1:9');
    assert.deepEqual(rows, []);
    assert.match(problems.join(), /^chain: /);
  });
  const network = await createTestNetwork();
  try {
    await Promise.all(NAMES.map((name) => network.start(name)));
    assert.deepEqual(await look(network, 'http://127.0.0.1:9'), {
      rows: [],
      problems: [],
      notes: ['settlement is off: nothing on a chain was compared'],
    });
  } finally {
    await network.close();
  }
});

test('doctor tells what is on the chains', { timeout: 60_000 }, () =>
  withSettledNetwork(async (network) => {
    const { signal } = new AbortController();
    const patient: Patient = {
      playground: placeOf(network, network.chainUrl!),
      lookAtComponent: async (name) => ({ evidence: [`${name} is healthy`] }),
      say() {},
      signal,
    };
    const { evidence, trouble } = await lookAtSettlement(patient);
    assert.equal(trouble, undefined);
    assert.match(
      evidence.join('; '),
      /chain is healthy; 8 sums on the chains are those of the books; 4 payment channels/,
    );
  }),
);

const reportOf = (rows: ChainTruth['rows']) => ({
  equal: false,
  pull: false,
  checked: rows.length,
  rows,
  audit: [],
  problems: [],
  notes: [],
});
