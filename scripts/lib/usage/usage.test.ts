import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportOf } from '../../../apps/usage/src/testing.ts';
import { readAllReports } from './readReports.ts';
import { daysText, previewText } from './text.ts';

const DAY = { day: '2030-03-31', version: '0.1.0', reports: 3, installations: 2 };

function backendOf(pages: number) {
  const asked: string[] = [];
  const ask = async (url: string) => {
    asked.push(url);
    const hasNextPage = asked.length < pages;
    const body = { result: [DAY], pagination: { endCursor: `c${asked.length}`, hasNextPage } };
    return { status: 200, body: JSON.stringify(body) };
  };
  return { ask, asked };
}

test('all pages of the backend are read, and an end is put to a backend that has none', async () => {
  const two = backendOf(2);
  assert.deepEqual(await readAllReports('http://usage', two.ask), { days: [DAY, DAY], complete: true });
  assert.deepEqual(two.asked, ['http://usage/reports?first=100', 'http://usage/reports?first=100&after=c1']);
  const endless = backendOf(Number.POSITIVE_INFINITY);
  assert.equal((await readAllReports('http://usage', endless.ask)).complete, false);
  assert.equal(endless.asked.length, 10);
  await assert.rejects(
    readAllReports('http://usage', async () => ({ status: 503, body: 'away' })),
    { message: 'it answers 503: away' },
  );
});

test('people read what came, and what would be sent', () => {
  assert.match(daysText([], true), /^no report yet/);
  assert.match(daysText([DAY], true), /2030-03-31 {2}0\.1\.0 +3 +2$/);
  assert.match(daysText([DAY], false), /and more/);
  const preview = { ase: 'a', intervalSeconds: 60, report: reportOf(1) };
  const url = 'http://usage/reports';
  const on = { ...preview, enabled: true, why: null, url, nextAt: '2030-03-31T10:00:00.000Z' };
  const last = { at: '2030-03-31T09:00:00.000Z', outcome: 'lost' as const, detail: 'ECONNREFUSED' };
  const text = previewText([{ ...on, last }]);
  assert.match(text, /^a reports to http:\/\/usage\/reports, next at 2030-03-31T10/);
  assert.match(text, /was lost: ECONNREFUSED/);
  assert.deepEqual(JSON.parse(text.slice(text.indexOf('{'))), preview.report);
  const off = { ...preview, enabled: false, why: 'DO_NOT_TRACK is set', url: null, nextAt: null, last: null };
  assert.match(previewText([{ ...off, intervalSeconds: null }]), /^a reports nothing: DO_NOT_TRACK is set/);
});
