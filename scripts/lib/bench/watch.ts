import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { OPERATOR_SERVICE_NAME } from '../../../telemetry/catalogue.ts';
import { parsePrometheusText } from '../../../telemetry/textFormat.ts';
import { get } from '../http.ts';
import { queryPrometheus } from '../prometheus.ts';
import { contentSelector, type PageElement } from './boards.ts';
import type { Sighting } from './visibleAfter.ts';

/** Gives what was seen so far of a count that is looked at again and again. */
export type Watch = () => Promise<Sighting[]>;

/** Often enough to tell hops apart, seldom enough to leave the machine to those who are watched. */
const LOOK_EVERY_MS = 20;
const TIMEOUT_MS = 5000;
const METRIC = 'payments_total';

/** The payments that an ASE has sent, as Prometheus answers. */
export function watchPrometheus(url: string, ase: string, signal: AbortSignal): Watch {
  const matchers = `job="${OPERATOR_SERVICE_NAME}",instance="${ase}",direction="outgoing",state="completed"`;
  return watch(async () => {
    const samples = await queryPrometheus(url, `${METRIC}{${matchers}}`);
    return Number(samples[0]?.value);
  }, signal);
}

/** The same count in the collector's exporter: the last hop before Prometheus. */
export function watchCollector(url: string, ase: string, signal: AbortSignal): Watch {
  return watch(async () => {
    const { body } = await get(url, { timeoutMs: TIMEOUT_MS });
    const lines = body.split('\n').filter((line) => line.startsWith(`${METRIC}{`));
    const sample = parsePrometheusText(lines.join('\n')).find(
      ({ labels: { instance, direction, state } }) =>
        instance === ase && direction === 'outgoing' && state === 'completed',
    );
    return Number(sample?.value);
  }, signal);
}

/** The same count on the board, as a reader sees it. */
export async function watchBoard(page: Page, ase: string): Promise<Watch> {
  const contentOfPanel = contentSelector(`${ase} · sent`);
  await page.evaluate(noteCell, { contentOfPanel, everyMs: LOOK_EVERY_MS });
  return () => page.evaluate(() => (globalThis as unknown as { sightings: Sighting[] }).sightings);
}

/** Longer than between two questions of one refresh of a board, and shorter than from one refresh to the next. */
const QUIET_MS = 2000;

/** When the board of a page began to ask Prometheus anew: each of its refreshes so far, in Unix milliseconds. */
export function watchRefreshes(page: Page): () => readonly number[] {
  const startsMs: number[] = [];
  let lastMs = Number.NEGATIVE_INFINITY;
  page.on('request', (request) => {
    if (!request.url().includes('/api/v1/query')) return;
    const atMs = Date.now();
    if (atMs - lastMs > QUIET_MS) startsMs.push(atMs);
    lastMs = atMs;
  });
  return () => startsMs;
}

function watch(look: () => Promise<number>, signal: AbortSignal): Watch {
  const sightings: Sighting[] = [];
  const keepLooking = async () => {
    while (!signal.aborted) {
      const count = await look().catch(() => Number.NaN);
      if (Number.isFinite(count) && count !== sightings.at(-1)?.count) {
        sightings.push({ atMs: Date.now(), count });
      }
      await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  };
  void keepLooking();
  return async () => sightings;
}

/** Runs in the page: notes how many payments there were in all time whenever that text changes. */
function noteCell({ contentOfPanel, everyMs }: { contentOfPanel: string; everyMs: number }): void {
  const { document } = globalThis as unknown as { document: PageElement };
  const sightings: Sighting[] = [];
  Object.assign(globalThis, { sightings });
  const textsOf = (element: PageElement | undefined, role: string) =>
    [...(element?.querySelectorAll(`[role="${role}"]`) ?? [])].map(({ textContent }) => textContent.trim());
  setInterval(() => {
    const content = document.querySelector(contentOfPanel) ?? undefined;
    const column = textsOf(content, 'columnheader').indexOf('Payments');
    for (const row of content?.querySelectorAll('[role="row"]') ?? []) {
      const cells = textsOf(row, 'gridcell');
      const count = cells[0] === 'All time' ? Number(cells[column]) : Number.NaN;
      if (Number.isFinite(count) && count !== sightings.at(-1)?.count) {
        sightings.push({ atMs: Date.now(), count });
      }
    }
  }, everyMs);
}
