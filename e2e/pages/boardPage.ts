import { resolveSelectors, versionedComponents } from '@grafana/e2e-selectors';
import type { Locator, Page } from '@playwright/test';
import { type PanelText, readPanelTexts } from '../../scripts/lib/truth/readPanels.ts';

/** The Grafana whose test ids are used; the built-in viewer carries the same. */
const GRAFANA_VERSION = '13.2.2';
const components = resolveSelectors(versionedComponents, GRAFANA_VERSION);

export interface BoardOptions {
  /** Grafana time expressions (`now-15m`) or Unix milliseconds. */
  from?: string;
  to?: string;
  refresh?: string;
  variables?: Record<string, string | string[]>;
  kiosk?: boolean;
}

/** One dashboard in a browser, in Grafana or in the built-in viewer alike. */
export class BoardPage {
  readonly page: Page;
  readonly #dashboardsUrl: string;

  /** @param dashboardsUrl the server, if it is not that of the playground that the specs share */
  constructor(page: Page, dashboardsUrl = '') {
    this.page = page;
    this.#dashboardsUrl = dashboardsUrl;
  }

  async open(uid: string, options: BoardOptions = {}): Promise<void> {
    await this.page.goto(`${this.#dashboardsUrl}${boardPath(uid, options)}`);
  }

  panel(title: string): Locator {
    return this.page.getByTestId(components.Panels.Panel.title(title));
  }

  content(title: string): Locator {
    return this.panel(title).getByTestId(components.Panels.Panel.content);
  }

  /** All panels by title: a hundred questions in one. */
  panels(): Promise<Map<string, PanelText>> {
    return readPanelTexts(this.page);
  }

  /** The table of a panel as its rows, each by column title; empty while there is none. */
  async table(title: string): Promise<Record<string, string>[]> {
    return (await this.panels()).get(title)?.rows ?? [];
  }

  headers(): Locator {
    return this.page.getByTestId(/^data-testid Panel header /);
  }

  errors(): Locator {
    return this.page.getByTestId(components.Panels.Panel.PanelDataErrorMessage);
  }

  get timePicker(): Locator {
    return this.page.getByTestId(components.TimePicker.openButton);
  }

  get refreshButton(): Locator {
    return this.page.getByTestId(components.RefreshPicker.runButtonV2);
  }

  variable(label: string): Locator {
    return this.page.getByRole('combobox', { name: new RegExp(`^${label}`) });
  }
}

/** Grafana's URL of a board; the slug is left out, both servers accept that. */
function boardPath(uid: string, { from, to, refresh, variables = {}, kiosk }: BoardOptions): string {
  const query = new URLSearchParams();
  if (from) query.set('from', from);
  if (to) query.set('to', to);
  if (refresh) query.set('refresh', refresh);
  for (const [name, value] of Object.entries(variables))
    for (const one of [value].flat()) query.append(`var-${name}`, one);
  const kioskFlag = kiosk ? `${query.size ? '&' : ''}kiosk` : '';
  return `/d/${uid}?${query}${kioskFlag}`;
}
