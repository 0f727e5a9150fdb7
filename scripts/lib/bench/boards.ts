import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { resolveSelectors, versionedComponents } from '@grafana/e2e-selectors';
import { type Browser, chromium, type Page } from '@playwright/test';
import { NO_SETTLEMENTS_YET } from '../../../grafana/src/words.ts';
import { ROOT } from '../settings.ts';
import { ensureBrowser } from '../tools/browser.ts';
import { waitFor } from '../wait.ts';

/** A board as its reader has it. */
export interface Board {
  uid: string;
  panelTitles: string[];
}

const FOLDER = path.join(ROOT, 'grafana/dashboards');
/** The Grafana whose test ids the built-in viewer carries. */
const { Panel } = resolveSelectors(versionedComponents, '13.2.2').Panels;
/** Panels are mounted when they come into view: a tall window mounts them all. */
const VIEWPORT = { width: 1440, height: 6000 };
const FILLED_WITHIN_MS = 60_000;

export function boardUids(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => path.basename(file, '.json'))
    .sort();
}

/** One board; a panel that is repeated stands here once for each of the ASEs. */
export function readBoard(uid: string, ases: readonly string[]): Board {
  return boardOf(JSON.parse(readFileSync(path.join(FOLDER, `${uid}.json`), 'utf8')) as BoardJson, ases);
}

export interface BoardJson {
  uid: string;
  panels: PanelJson[];
}
interface PanelJson {
  type: string;
  title: string;
  /** The panels of a collapsed row. */
  panels?: PanelJson[];
}

export function boardOf({ uid, panels }: BoardJson, ases: readonly string[]): Board {
  const flat = panels.flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]));
  const panelTitles = flat.flatMap(({ title }) =>
    title.includes('$instance') ? ases.map((ase) => title.replaceAll('$instance', ase)) : [title],
  );
  return { uid, panelTitles };
}

export async function openBrowser(context: {
  say: (line: string) => void;
  signal: AbortSignal;
}): Promise<Browser> {
  const executablePath = await ensureBrowser(context);
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking'] });
}

/** A page of its own, with nothing in its cache. */
export async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: VIEWPORT });
  return context.newPage();
}

/**
 * Waits until every panel of the board shows a number, a table or a chart, and none says why it does not. That nothing is
 * settled yet is an answer: a playground that has just started owes nobody enough.
 */
export async function waitUntilFilled(
  page: Page,
  { uid, panelTitles }: Board,
  context: { say: (line: string) => void; signal: AbortSignal },
  timeoutMs = FILLED_WITHIN_MS,
): Promise<void> {
  const panels = panelTitles.map((title) => ({ title, contentOfPanel: contentSelector(title) }));
  const message = byTestId(Panel.PanelDataErrorMessage);
  const look = async () => {
    const empty = await page.evaluate(emptyPanels, { panels, message, answer: NO_SETTLEMENTS_YET });
    return empty.length === 0 ? undefined : `${uid}: ${empty.join(', ')}`;
  };
  await waitFor(look, { timeoutMs, pollMs: 20, ...context });
}

/** Where a panel shows what it has to show. */
export function contentSelector(title: string): string {
  return `${byTestId(Panel.title(title))} ${byTestId(Panel.content)}`;
}

/** As much of a page's document as is needed here; the browser's own types are not part of this program. */
export interface PageElement {
  textContent: string;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
}

function byTestId(testId: string): string {
  return `[data-testid="${testId}"]`;
}

/** Runs in the page: which of the panels show nothing. */
function emptyPanels({
  panels,
  message,
  answer,
}: {
  panels: { title: string; contentOfPanel: string }[];
  message: string;
  answer: string;
}): string[] {
  const { document } = globalThis as unknown as { document: PageElement };
  return panels.flatMap(({ title, contentOfPanel }) => {
    const content = document.querySelector(contentOfPanel);
    const isDrawn = content && (content.textContent.trim() !== '' || content.querySelector('canvas, svg'));
    if (content?.textContent.includes(answer)) return [];
    return isDrawn && !content.querySelector(message) ? [] : [title];
  });
}
