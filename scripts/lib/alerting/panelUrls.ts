import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { ROOT } from '../settings.ts';

const BOARD = z.object({ panels: z.array(z.object({ id: z.number(), title: z.string() })) });

/**
 * Gives the URL at which one panel fills the page, by board and title. The generated boards are read, not their
 * code: a start waits for it.
 * @throws Error when there is no such panel
 */
export function readPanelUrls(dashboardsUrl: string): (uid: string, title: string) => string {
  const boards = new Map<string, z.infer<typeof BOARD>>();
  return (uid, title) => {
    const board = boards.get(uid) ?? readBoard(uid);
    boards.set(uid, board);
    const panel = board.panels.find((candidate) => candidate.title === title);
    if (!panel) throw new Error(`board ${uid} has no panel “${title}”`);
    return `${dashboardsUrl}/d/${uid}?viewPanel=panel-${panel.id}`;
  };
}

function readBoard(uid: string): z.infer<typeof BOARD> {
  return BOARD.parse(JSON.parse(readFileSync(path.join(ROOT, 'grafana/dashboards', `${uid}.json`), 'utf8')));
}
