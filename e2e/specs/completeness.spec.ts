import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { payBothWays } from '../fixtures/payment.ts';
import { expect, test } from '../fixtures/test.ts';

const BOARDS = path.resolve(import.meta.dirname, '../../grafana/dashboards');

interface BoardJson {
  uid: string;
  title: string;
  panels: {
    type: string;
    title: string;
    repeat?: string;
    panels?: BoardJson['panels'];
    fieldConfig?: { defaults?: { noValue?: string } };
  }[];
}
const boards = readdirSync(BOARDS)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(path.join(BOARDS, file), 'utf8')) as BoardJson);

// Panels are mounted when they come into view: a tall window mounts them all.
test.use({ viewport: { width: 1440, height: 3600 } });

test.beforeAll(({ playground }) => payBothWays(playground));

for (const { uid, title, panels } of boards) {
  test(`no panel of “${title}” is empty or in error`, async ({ board, page }) => {
    await board.open(uid, { from: 'now-5m', to: 'now' });
    for (const panel of panels.flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]))) {
      for (const rendered of renderedTitles(panel.title)) {
        const content = board.content(rendered);
        await expect(content.locator('canvas').or(content.getByText(/\S/)).first(), rendered).toBeVisible();
        // Lines over time need two samples: the next refreshes bring them.
        await expect(content, rendered).not.toContainText(/no data|no telemetry/i);
        const { noValue } = panel.fieldConfig?.defaults ?? {};
        if (noValue) await expect(content, rendered).not.toContainText(noValue);
      }
    }
    await expect(board.errors()).toHaveCount(0);
    await expect(page.getByRole('alert')).toHaveCount(0);
  });
}

function renderedTitles(title: string): string[] {
  return title.includes('$instance')
    ? ['cloud-nine', 'happy-life'].map((ase) => title.replace('$instance', ase))
    : [title];
}
