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
    // Asked anew only when all is drawn: a slow machine does not get that far from one refresh to the next.
    await board.open(uid, { from: 'now-5m', to: 'now', refresh: '5m' });
    const wanted = panels
      .flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]))
      .flatMap((panel) => renderedTitles(panel.title).map((title) => ({ title, panel })));
    const faults = async () => {
      const shown = await board.panels();
      const found = wanted.flatMap(({ title, panel }) => faultOf(title, panel, shown.get(title)) ?? []);
      // Lines over time need two samples.
      if (found.length > 0 && found.every(({ isDrawn }) => isDrawn)) await board.refreshButton.click();
      return found.map(({ words }) => words);
    };
    await expect.poll(faults, { intervals: [500, 500, 1000], timeout: 180_000 }).toEqual([]);
    await expect(board.errors()).toHaveCount(0);
    await expect(page.getByRole('alert')).toHaveCount(0);
  });
}

/** Why a panel shows nothing; undefined when it shows something. */
function faultOf(title: string, { fieldConfig }: Panel, shown: PanelText | undefined) {
  if (!shown) return { words: `${title}: is not there`, isDrawn: false };
  const { text, isDrawn } = shown;
  if (text === '' && !isDrawn) return { words: `${title}: is empty`, isDrawn: false };
  const { noValue } = fieldConfig?.defaults ?? {};
  const saysNothing = /no data|no telemetry/i.test(text) || (noValue && text.includes(noValue));
  return saysNothing ? { words: `${title}: ${text}`, isDrawn: true } : undefined;
}

function renderedTitles(title: string): string[] {
  return title.includes('$instance')
    ? ['cloud-nine', 'happy-life'].map((ase) => title.replace('$instance', ase))
    : [title];
}
