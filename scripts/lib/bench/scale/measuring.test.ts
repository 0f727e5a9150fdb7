import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { parsePrometheusText } from '../../../../telemetry/textFormat.ts';
import { Arrivals, probesOf } from './ingestLag.ts';
import { lostPoints, ownMetrics } from './ownMetrics.ts';
import { parseBusySeconds, parseProcessorSeconds, processorSecondsOf } from './processorTime.ts';
import { folderBytes, overMemory, type StepEnded, watchDisk } from './stepGuard.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'scale-'));
after(() => rmSync(folder, { recursive: true }));

test('processor time is read behind a command with spaces and brackets', () => {
  const stat = '12 (a) b (c)) S 1 12 12 0 -1 4194304 100 0 0 0 250 150 0 0 20 0 11 0 100 0 0';
  assert.equal(parseProcessorSeconds(stat), 4);
  assert.equal(processorSecondsOf(2 ** 30), 0, 'a process that is not there has used none');
});

test('a machine is busy with all but waiting', () => {
  const stat = 'cpu  100 200 300 5000 600 10 20 30 40 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n';
  assert.equal(parseBusySeconds(stat), 6.6);
});

test('a sample is late by its age when it is first seen; the first one of an ASE says nothing', () => {
  const arrivals = new Arrivals();
  arrivals.saw('a', 1000, 9000);
  assert.equal(arrivals.lag(9000), null);
  arrivals.saw('a', 9500, 9700);
  arrivals.saw('a', 9500, 9800);
  arrivals.saw('b', 9000, 9800);
  arrivals.saw('b', 9600, 10_000);
  assert.deepEqual(arrivals.lag(10_100), { p50Ms: 200, p95Ms: 400, seen: 2, stalestMs: 600 });
});

test('the ASEs that are looked at are spread over all of them', () => {
  assert.deepEqual(probesOf(2), ['simulated-0001', 'simulated-0002']);
  const probes = probesOf(1000);
  assert.equal(new Set(probes).size, 25);
  assert.deepEqual([probes[0], probes[24]], ['simulated-0001', 'simulated-0961']);
});

test('own metrics of several programs are added, and lost points are all that did not get through', () => {
  const metrics = ownMetrics(
    parsePrometheusText(
      [
        'otelcol_receiver_refused_metric_points{receiver="otlp",transport="grpc"} 3',
        'otelcol_receiver_refused_metric_points{receiver="otlp",transport="http"} 4',
        'otelcol_exporter_send_failed_metric_points{exporter="x"} 5',
        'otelcol_processor_filter_datapoints_filtered{filter="filter/value"} 6',
        'otelcol_receiver_accepted_metric_points{receiver="otlp"} 1000',
      ].join('\n'),
    ),
  );
  assert.equal(lostPoints(metrics), 18);
  assert.equal(metrics.sum('otelcol_receiver_refused_metric_points', { transport: 'http' }), 4);
  assert.equal(metrics.sum('nothing_of_the_kind'), 0);
});

test('a folder that grows beyond its budget is told, with all below it', async () => {
  mkdirSync(path.join(folder, 'data/wal'), { recursive: true });
  writeFileSync(path.join(folder, 'data/wal/1'), Buffer.alloc(3 * 2 ** 20));
  writeFileSync(path.join(folder, 'top'), Buffer.alloc(2 ** 20));
  assert.equal(await folderBytes(folder), 4 * 2 ** 20);
  assert.equal(await folderBytes(path.join(folder, 'gone')), 0);
  const reasons: StepEnded[] = [];
  const budget = { rssBytes: 2 ** 20, diskBytes: 3 * 2 ** 20 };
  await watchDisk(folder, budget, (reason) => reasons.push(reason), new AbortController().signal);
  assert.deepEqual(
    reasons.map(({ message }) => message),
    ['disk: 4 MiB written, 3 MiB allowed'],
  );
  assert.equal(overMemory(5 * 2 ** 20, budget).message, 'memory: 5 MiB resident, 1 MiB allowed');
});
