import type { PanelModel } from './dashboardModel.ts';

const LETTERS_IN_A_LINE = 40;
const LINE_PX = 24;
const FRAME_PX = 64;
/** A row of the grid with the gap below it. */
const GRID_ROW_PX = 38;

/** Rows of the grid that a panel needs on a phone. Words made for a wide screen need more lines there; all else 0. */
export function narrowHeight({ type, options }: Pick<PanelModel, 'type' | 'options'>): number {
  if (type !== 'text') return 0;
  const content = String(options?.content ?? '').replaceAll(/[*`]/g, '');
  const lines = content
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / LETTERS_IN_A_LINE)), 0);
  return Math.ceil((FRAME_PX + lines * LINE_PX) / GRID_ROW_PX);
}
