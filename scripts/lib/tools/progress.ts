import { messageOf } from '../errors.ts';

/** Shows how long steps go on, several at a time. */
export interface Progress {
  /** Shows `title` until `work` ends, and then what it returned as the step's result, or its failure. */
  step<T>(title: string, work: (step: Step) => Promise<T>): Promise<T>;
  /** A line that stays. */
  note(line: string): void;
}

export interface Step {
  /** How far it is: `done` of `total` of `unit`; a total that is not known yet is left out. */
  update(state: { done: number; total?: number; unit: string }): void;
}

export interface ProgressOptions {
  say: (line: string) => void;
  /** Where lines can be drawn over; undefined where lines are all there is. */
  terminal?: { write(text: string): void; columns: number } | undefined;
  now?: () => number;
}

const REDRAW_MS = 250;
/** Longer silence looks like a hang. */
const HEARTBEAT_MS = 8000;

/** With a terminal a bar a step, drawn in place; without one a line a step and a sign of life every few seconds. */
export function createProgress({ say, terminal, now = Date.now }: ProgressOptions): Progress {
  const active = new Set<ActiveStep>();
  let timer: NodeJS.Timeout | undefined;
  let drawnLines = 0;

  const erase = () => {
    if (drawnLines > 0) terminal?.write(`\x1b[${drawnLines}F\x1b[J`);
    drawnLines = 0;
  };
  const draw = () => {
    const lines = [...active].map((step) => stateLine(step, now(), terminal ? BAR_CELLS : 0));
    if (!terminal) return lines.forEach((line) => void say(`  … ${line}`));
    erase();
    for (const line of lines) terminal.write(`${line.slice(0, terminal.columns - 1)}\n`);
    drawnLines = lines.length;
  };
  const note = (line: string) => {
    erase();
    say(line);
  };
  const change = () => {
    clearInterval(timer);
    if (terminal) draw();
    if (active.size > 0) timer = setInterval(draw, terminal ? REDRAW_MS : HEARTBEAT_MS);
  };

  return {
    note,
    async step(title, work) {
      const step: ActiveStep = { title, startedAtMs: now() };
      if (!terminal) say(`${title} …`);
      active.add(step);
      change();
      let failure: string | undefined;
      try {
        return await work({ update: (state) => void Object.assign(step, { total: undefined }, state) });
      } catch (error) {
        failure = messageOf(error);
        throw error;
      } finally {
        active.delete(step);
        note(`${failure === undefined ? '✓' : '✗'} ${title}: ${failure ?? clock(now() - step.startedAtMs)}`);
        change();
      }
    },
  };
}

interface ActiveStep {
  title: string;
  startedAtMs: number;
  done?: number;
  total?: number | undefined;
  unit?: string;
}

/** `building otelcol 0.155.0 ▕██████░░░░▏ 540 of 1186 packages, 1:05` */
function stateLine(
  { title, startedAtMs, done, total, unit }: ActiveStep,
  nowMs: number,
  barCells: number,
): string {
  const elapsed = clock(nowMs - startedAtMs);
  if (done === undefined) return `${title} ${elapsed}`;
  if (total === undefined) return `${title}: ${done} ${unit}, ${elapsed}`;
  const share = Math.min(1, done / Math.max(1, total));
  const filled = Math.round(share * barCells);
  const bar = barCells === 0 ? ':' : ` ▕${'█'.repeat(filled)}${'░'.repeat(barCells - filled)}▏`;
  return `${title}${bar} ${Math.min(done, total)} of ${total} ${unit}, ${elapsed}`;
}
const BAR_CELLS = 10;

/** Minutes and seconds: 1:05. */
function clock(elapsedMs: number): string {
  const seconds = Math.round(elapsedMs / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
