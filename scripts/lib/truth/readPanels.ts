import { type Browser, chromium, type Page } from '@playwright/test';
import type { AssertedCell } from '../../../grafana/src/assertedCells.ts';
import { INSTANCE_VARIABLE, SOURCE_VARIABLE } from '../../../grafana/src/selector.ts';

/** What a cell shows, or null while its panel or row is not there. */
export type ShownText = string | null;

const VIEWPORT = { width: 1600, height: 2000 };
const MAX_HEIGHT = 12_000;
const BROWSER_ARGUMENTS = ['--no-sandbox', '--disable-background-networking', '--disable-gpu'];
const POLL_MS = 250;
/** Panels that all show something and have not changed for so long have no better answer to what was asked. */
const STILL_FOR_MS = 2_500;
/** Nor has a board of which some panels are missing, only that it may still be loading them. */
const STILL_INCOMPLETE_FOR_MS = 12_000;
/** A wrong answer may be that of a server with a hiccup: the board is opened once more before it counts. */
const LOOKS = 2;
/** The range is a moment of the past: to ask again and again is nothing but work. */
const HARDLY_EVER = '5m';

export interface BoardReader {
  /** The texts of the cells of one board with one choice of variables, read until `isDone`, until nothing moves any more, or until the time is up. */
  read(
    cells: readonly AssertedCell[],
    range: { fromMs: number; toMs: number },
    isDone: (texts: ShownText[]) => boolean,
    withinMs: number,
  ): Promise<ShownText[]>;
  close(): Promise<void>;
}

/** A browser that reads boards of Grafana, or of the built-in viewer, which has the same test ids and URLs. */
export async function openBoardReader(
  executablePath: string,
  { dashboardsUrl, instances }: { dashboardsUrl: string; instances: readonly string[] },
): Promise<BoardReader> {
  const browser: Browser = await chromium.launch({ executablePath, args: BROWSER_ARGUMENTS });
  // Numbers have the separators of the reader's language.
  const page = await browser.newPage({ viewport: VIEWPORT, locale: 'en-US' });
  return {
    async read(cells, { fromMs, toMs }, isDone, withinMs) {
      const deadline = Date.now() + withinMs;
      const range = { from: String(fromMs), to: String(toMs), refresh: HARDLY_EVER };
      const query = new URLSearchParams(range);
      // Others may send to the same networks.
      for (const name of instances)
        for (const variable of [INSTANCE_VARIABLE, SOURCE_VARIABLE]) query.append(`var-${variable}`, name);
      for (const [name, value] of Object.entries(cells[0]!.variables ?? {})) query.set(`var-${name}`, value);
      const url = `${dashboardsUrl}/d/${cells[0]!.boardUid}?${query}&kiosk`;
      for (let look = 1; ; look++) {
        await page.goto(url);
        const texts = await readUntilStill(page, cells, isDone, deadline);
        if (look === LOOKS || isDone(texts) || Date.now() > deadline) return texts;
      }
    },
    close: () => browser.close(),
  };
}

async function readUntilStill(
  page: Page,
  cells: readonly AssertedCell[],
  isDone: (texts: ShownText[]) => boolean,
  deadline: number,
): Promise<ShownText[]> {
  let last = { seen: '', sinceMs: Number.POSITIVE_INFINITY };
  for (;;) {
    await showAll(page);
    const panels = await readPanelTexts(page);
    const texts = cells.map((cell) => textOf(cell, panels));
    if (isDone(texts) || Date.now() > deadline) return texts;
    const seen = JSON.stringify([...panels]);
    const isFull = cells.every(({ panelTitle }) => Boolean(panels.get(panelTitle)?.text));
    if (seen !== last.seen && panels.size > 0) last = { seen, sinceMs: Date.now() };
    if (Date.now() - last.sinceMs > (isFull ? STILL_FOR_MS : STILL_INCOMPLETE_FOR_MS)) return texts;
    await page.waitForTimeout(POLL_MS);
  }
}

/** Panels are rendered when they come into view, so the view becomes as tall as the board. */
async function showAll(page: Page): Promise<void> {
  const wanted = await page.evaluate(() => document.documentElement.scrollHeight);
  const height = Math.min(Math.max(wanted, VIEWPORT.height), MAX_HEIGHT);
  if (height > (page.viewportSize()?.height ?? 0)) await page.setViewportSize({ ...VIEWPORT, height });
}

export interface PanelText {
  /** All the text of the panel. */
  text: string;
  /** Lines, bars or cells are drawn in it. */
  isDrawn: boolean;
  /** Its table, if it has one: each row by column title. */
  rows: Record<string, string>[];
}

function textOf({ panelTitle, place }: AssertedCell, panels: ReadonlyMap<string, PanelText>): ShownText {
  const panel = panels.get(panelTitle);
  if (!panel) return null;
  if (place === 'panel') return panel.text === '' ? null : panel.text;
  const matches = (row: Record<string, string>) =>
    Object.entries(place.row).every(([column, text]) => row[column] === text);
  return panel.rows.find(matches)?.[place.column] ?? null;
}

/** All panels by title, in one go: the page has better things to do than to answer questions. */
export async function readPanelTexts(page: Page): Promise<Map<string, PanelText>> {
  const panels = await page.evaluate(() => {
    const all = (selector: string, from: PanelElement) => [...from.querySelectorAll(selector)];
    // biome-ignore lint/performance/useDomNodeTextContent: only what an eye can see counts
    const words = (element: PanelElement) => element.innerText.trim();
    const header = 'data-testid Panel header ';
    return all(`[data-testid^="${header}"]`, document).flatMap((panel) => {
      const content = all('[data-testid="data-testid panel content"]', panel)[0];
      if (!content) return [];
      const rows = all('[role=row]', content).map((row) => all('[role=gridcell]', row).map(words));
      return {
        title: panel.getAttribute('data-testid')!.slice(header.length),
        text: words(content),
        isDrawn: all('canvas', content).length > 0,
        columns: all('[role=columnheader]', content).map(words),
        rows: rows.filter((row) => row.length > 0),
      };
    });
  });
  return new Map(
    panels.map(({ title, text, isDrawn, columns, rows }) => [
      title,
      {
        // A number's parts stand in elements of their own.
        text: text.replace(/\s+/g, ' '),
        isDrawn,
        rows: rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i] ?? '']))),
      },
    ]),
  );
}

/** As much of the browser's HTMLElement as is used here, inside the page. */
interface PanelElement {
  innerText: string;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<PanelElement>;
}
declare const document: PanelElement & { documentElement: { scrollHeight: number } };
