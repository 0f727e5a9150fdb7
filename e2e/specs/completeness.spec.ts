import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { PanelText } from '../../scripts/lib/truth/readPanels.ts';
import { pay, payBothWays } from '../fixtures/payment.ts';
import { expect, test } from '../fixtures/test.ts';

const BOARDS = path.resolve(import.meta.dirname, '../../grafana/dashboards');

interface BoardJson {
  uid: string;
  title: string;
  panels: Panel[];
}
interface Panel {
  type: string;
  title: string;
  panels?: Panel[];
  fieldConfig?: { defaults?: { noValue?: string } };
}
const boards = readdirSync(BOARDS)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(path.join(BOARDS, file), 'utf8')) as BoardJson);

// Panels are mounted when they come into view: a tall window mounts them all.
test.use({ viewport: { width: 1440, height: 3600 } });

test.beforeAll(async ({ playground }) => {
  await payBothWays(playground);
  const [nine, life] = [14100, 14200].map((base) => `http://127.0.0.1:${playground.port(base)}`);
  // So much that it is settled (docs/settlement.md).
  await pay(`${nine}/alice`, `${life}/bob`, { value: '70000', assetCode: 'EUR', assetScale: 2 });
});

for (const { uid, title, panels } of boards) {
  test(`no panel of “${title}” is empty or in error`, async ({ board, page }) => {
    // Lines over time need two samples: the next refreshes bring them.
    await board.open(uid, { from: 'now-5m', to: 'now', refresh: '10s' });
    const wanted = panels
      .flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]))
      .flatMap((panel) => renderedTitles(panel.title).map((title) => ({ title, panel })));
    // What was shown once is done: on a slow machine a refresh may empty a panel while another one fills.
    const done = new Set<string>();
    const faults = async () => {
      const shown = await board.panels();
      return wanted
        .filter(({ title }) => !done.has(title))
        .flatMap(({ title, panel }) => {
          const fault = faultOf(title, panel, shown.get(title));
          if (fault === undefined) done.add(title);
          return fault ?? [];
        });
    };
    await expect.poll(faults, { intervals: [500], timeout: 180_000 }).toEqual([]);
    await expect(board.errors()).toHaveCount(0);
    await expect(page.getByRole('alert')).toHaveCount(0);
  });
}

/** Why a panel shows nothing; undefined when it shows something. */
function faultOf(title: string, { fieldConfig }: Panel, shown: PanelText | undefined): string | undefined {
  if (!shown) return `${title}: is not there`;
  const { text, isDrawn } = shown;
  if (text === '' && !isDrawn) return `${title}: is empty`;
  const { noValue } = fieldConfig?.defaults ?? {};
  const saysNothing = /no data|no telemetry/i.test(text) || (noValue && text.includes(noValue));
  return saysNothing ? `${title}: ${text}` : undefined;
}

function renderedTitles(title: string): string[] {
  return title.includes('$instance')
    ? ['cloud-nine', 'happy-life'].map((ase) => title.replace('$instance', ase))
    : [title];
}
