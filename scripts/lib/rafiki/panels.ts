import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { NETWORK_CATALOGUE } from '../../../telemetry/networkCatalogue.ts';

/** A panel that shows network telemetry. */
export interface NetworkPanel {
  board: string;
  panel: string;
  /** The metrics of its expressions. */
  metrics: string[];
}

const PANEL = z.looseObject({
  title: z.string().default(''),
  targets: z.array(z.looseObject({ expr: z.string().default('') })).default([]),
  get panels() {
    return z.array(PANEL).default([]);
  },
});
const BOARD = z.looseObject({ title: z.string(), panels: z.array(PANEL).default([]) });
const NAMES = Object.keys(NETWORK_CATALOGUE);

/** From the generated boards in a folder. */
export function networkPanels(folder: string): NetworkPanel[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .flatMap((file) => {
      const { title, panels } = BOARD.parse(JSON.parse(readFileSync(path.join(folder, file), 'utf8')));
      return panels.flatMap(withInner).flatMap((panel) => {
        const metrics = metricsOf(panel.targets.map(({ expr }) => expr).join('\n'));
        return metrics.length > 0 ? [{ board: title, panel: panel.title, metrics }] : [];
      });
    });
}

type Panel = z.infer<typeof PANEL>;

function withInner(panel: Panel): Panel[] {
  return [panel, ...panel.panels.flatMap(withInner)];
}

/** The network metrics that an expression names; of histograms also by their parts. */
function metricsOf(expression: string): string[] {
  const words = new Set(expression.match(/\w+/g) ?? []);
  const parts = ['', '_bucket', '_sum', '_count'];
  return NAMES.filter((name) => parts.some((part) => words.has(`${name}${part}`)));
}
