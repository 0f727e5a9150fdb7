import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type NetworkPipeline, startNetworkPipeline } from '../../../prometheus/testing/networkPipeline.ts';
import { until } from '../../../prometheus/testing/program.ts';
import { PlayedRafiki } from '../../../prometheus/testing/rafiki.ts';
import { ensureTools } from '../tools/ensure.ts';
import { examineRafiki, type RafikiPlace } from './examine.ts';
import { networkPanels } from './panels.ts';
import { rafikiText } from './render.ts';
import { rafikiVariables } from './variables.ts';

const BOARD = {
  title: 'Network',
  panels: [
    { title: 'Transactions', targets: [{ expr: 'sum(increase(transactions_total[1h] anchored))' }] },
    { title: 'A row', panels: [{ title: 'Fees', targets: [{ expr: 'transaction_fee_amounts_total' }] }] },
    {
      title: 'Time of packets',
      targets: [{ expr: 'ilp_prepare_packet_processing_ms_bucket' }, { expr: 'packet_count_fulfill_total' }],
    },
    { title: 'Something else', targets: [{ expr: 'payments_total' }] },
    { title: 'Words' },
  ],
};

describe('doctor --rafiki', () => {
  let pipeline: NetworkPipeline;
  let place: RafikiPlace;
  const boardsFolder = mkdtempSync(path.join(tmpdir(), 'rafiki-boards-'));
  const rafikis: PlayedRafiki[] = [];
  const play = (name: string) => {
    const rafiki = new PlayedRafiki(name, pipeline.balancerUrl, 100);
    rafikis.push(rafiki);
    return rafiki;
  };

  before(async () => {
    const programs = await ensureTools(['otelcol', 'prometheus'], {
      say: console.error,
      signal: new AbortController().signal,
    });
    pipeline = await startNetworkPipeline(programs, 'testnet', 'cloud-nine|my-rafiki');
    writeFileSync(path.join(boardsFolder, 'network.json'), JSON.stringify(BOARD));
    place = {
      collectorUrl: pipeline.balancerUrl,
      ratesUrl: 'http://127.0.0.1:14400/rates',
      exportIntervalMs: 5000,
      metricsUrls: pipeline.replicas.map(({ metricsUrl }) => metricsUrl),
      prometheusUrl: pipeline.prometheusUrl,
      boardsFolder,
      ownSources: ['cloud-nine', 'happy-life'],
    };
  });
  after(async () => {
    await Promise.all(rafikis.map((rafiki) => rafiki.stop()));
    await pipeline?.stop();
    rmSync(boardsFolder, { recursive: true, force: true });
  });

  test('says that nobody but our own ASEs sends', async () => {
    play('cloud-nine').pay(1);
    const report = await examineRafiki(place);
    assert.deepEqual(
      report.checks.map(({ ok }) => ok),
      [true, false],
    );
    assert.equal(report.why, 'no Rafiki has sent anything yet');
    assert.deepEqual(
      report.panels.map(({ panel, fills }) => [panel, fills]),
      [
        ['Transactions', false],
        ['Fees', false],
        ['Time of packets', false],
      ],
    );
  });

  test('says that what somebody sends is dropped, and by what', async () => {
    play('a-stranger').pay(1);
    await until('it has been dropped', async () => {
      const { why, fix } = await examineRafiki(place);
      return /all of it is dropped: .*filter\/attribute/.test(why!) && /NETWORK_SOURCES/.test(fix!);
    });
  });

  test('sees a Rafiki, what it sends and which panels that fills', async () => {
    const rafiki = play('my-rafiki');
    for (let i = 0; i < 5; i++) rafiki.pay(10_000);
    const report = await until('it has arrived', async () => {
      const seen = await examineRafiki(place);
      return seen.ok && seen;
    });
    assert.deepEqual([report.why, report.fix], [null, null]);
    const [source] = report.sources;
    assert.deepEqual([source!.source, source!.network, report.sources.length], ['my-rafiki', 'testnet', 1]);
    assert.deepEqual(source!.metrics, [
      'ilp_pay_time_ms',
      'ilp_prepare_packet_processing_ms',
      'packet_amount_fulfill_total',
      'packet_count_fulfill_total',
      'packet_count_prepare_total',
      'transactions_total',
    ]);
    assert.deepEqual(
      report.panels.map(({ fills }) => fills),
      [true, false, true],
    );
    const text = rafikiText(report);
    assert.match(text, /OPEN_TELEMETRY_COLLECTOR_URLS=http:\/\/host\.docker\.internal:\d+\n/);
    assert.match(text, /fills +Network +Transactions/);
  });

  test('says that the balancer has no collector behind it, or is gone', async () => {
    for (const { program } of pipeline.replicas) await program.kill();
    await until('the balancer has noticed', async () => !(await fetch(pipeline.balancerHealthUrl)).ok);
    assert.match((await examineRafiki(place)).why!, /no collector behind it works/);
    const nowhere = await examineRafiki({ ...place, collectorUrl: 'http://127.0.0.1:1' });
    assert.match(nowhere.why!, /does not answer: connect ECONNREFUSED/);
    assert.equal(nowhere.ok, false);
  });
});

test('the variables lead a Rafiki in a container to this machine', () => {
  const variables = rafikiVariables({
    collectorUrl: 'http://127.0.0.1:24317',
    ratesUrl: 'http://127.0.0.1:14400/rates',
    exportIntervalMs: 5000,
  });
  assert.deepEqual(
    variables
      .filter(({ value, inDocker }) => value !== inDocker)
      .map(({ name, inDocker }) => [name, inDocker]),
    [
      ['OPEN_TELEMETRY_COLLECTOR_URLS', 'http://host.docker.internal:24317'],
      ['TELEMETRY_EXCHANGE_RATES_URL', 'http://host.docker.internal:14400/rates'],
    ],
  );
});

test('the generated boards can be read', () => {
  const panels = networkPanels(path.resolve(import.meta.dirname, '../../../grafana/dashboards'));
  for (const { panel, metrics } of panels) assert.ok(panel !== '' && metrics.length > 0);
});
