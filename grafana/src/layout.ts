import { type Panel, RowBuilder, type RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelDraft } from './panels.ts';
import { INSTANCE_VARIABLE } from './selector.ts';

/** The width of Grafana's grid. */
export const COLUMNS = 24;

/** A titled part of a board; without a title its panels stand at the top. */
export interface Section {
  title?: string;
  /** The whole part once for each ASE that is chosen; the title then carries `$instance`. */
  perAse?: boolean;
  lines: Line[];
}

/** Panels side by side; the widths add up to the whole grid. */
export interface Line {
  height: number;
  panels: [width: number, panel: PanelDraft | PanelDraft[]][];
}

/** `line(8, [12, a], [12, [b, c]])`: a beside b above c. */
export function line(height: number, ...panels: Line['panels']): Line {
  return { height, panels };
}

/** Places and numbers all panels of a board, from the top left on, the same way every time. */
export function arrange(sections: Section[]): (Panel | RowPanel)[] {
  const arranged: (Panel | RowPanel)[] = [];
  let id = 0;
  let y = 0;
  for (const section of sections) {
    if (section.title !== undefined) {
      arranged.push(row(section, ++id, y));
      y += 1;
    }
    for (const { height, panels } of section.lines) {
      let x = 0;
      for (const [w, content] of panels) {
        const stack = [content].flat();
        const h = height / stack.length;
        if (!Number.isInteger(h))
          throw new Error(`${stack.length} panels do not share ${height} rows evenly`);
        for (const [i, panel] of stack.entries()) arranged.push(panel({ id: ++id, x, y: y + i * h, w, h }));
        x += w;
      }
      if (x !== COLUMNS)
        throw new Error(`a line of ${section.title ?? 'the top'} is ${x} columns wide, not ${COLUMNS}`);
      y += height;
    }
  }
  return arranged;
}

function row({ title, perAse }: Section, id: number, y: number): RowPanel {
  const builder = new RowBuilder(title ?? '').id(id).collapsed(false).gridPos({ x: 0, y, w: COLUMNS, h: 1 });
  if (perAse) builder.repeat(INSTANCE_VARIABLE);
  return builder.build();
}
