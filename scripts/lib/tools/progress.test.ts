import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createProgress } from './progress.ts';

describe('progress without a terminal', () => {
  it('is a line at the start of a step and one at its end, with the time it took', async () => {
    const { lines, progress, pass } = recorder();
    await progress.step('building', async () => pass(65_000));
    assert.deepEqual(lines, ['building …', '✓ building: 1:05']);
  });

  it('says why a step failed, and passes the failure on', async () => {
    const { lines, progress } = recorder();
    const failing = progress.step('building', () => Promise.reject(new Error('no disk')));
    await assert.rejects(failing, /no disk/);
    assert.equal(lines.at(-1), '✗ building: no disk');
  });

  it('gives a sign of life from every step before 10 s are over, and none after the end', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    const { lines, progress, pass } = recorder();
    const end = Promise.withResolvers<void>();
    const one = progress.step('building otelcol', (step) => {
      step.update({ done: 540, total: 1186, unit: 'packages' });
      return end.promise;
    });
    const two = progress.step('getting sources', (step) => {
      step.update({ done: 12, unit: 'modules' });
      return end.promise;
    });
    pass(9000);
    t.mock.timers.tick(9000);
    assert.deepEqual(lines.splice(0), [
      'building otelcol …',
      'getting sources …',
      '  … building otelcol: 540 of 1186 packages, 0:09',
      '  … getting sources: 12 modules, 0:09',
    ]);
    end.resolve();
    await Promise.all([one, two]);
    lines.length = 0;
    t.mock.timers.tick(60_000);
    assert.deepEqual(lines, []);
  });
});

describe('progress on a terminal', () => {
  it('draws the steps over themselves and leaves only lines that stay', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    const screen = fakeScreen(40);
    const progress = createProgress({ say: screen.say, terminal: screen, now: () => 0 });
    const end = Promise.withResolvers<void>();
    const step = progress.step('building', async (state) => {
      state.update({ done: 5, total: 10, unit: 'packages' });
      await end.promise;
    });
    t.mock.timers.tick(1000);
    assert.deepEqual(screen.rows(), ['building ▕█████░░░░░▏ 5 of 10 packages,']);
    progress.note('by the way');
    t.mock.timers.tick(1000);
    assert.deepEqual(screen.rows(), ['by the way', 'building ▕█████░░░░░▏ 5 of 10 packages,']);
    end.resolve();
    await step;
    assert.deepEqual(screen.rows(), ['by the way', '✓ building: 0:00']);
  });
});

function recorder() {
  let nowMs = 0;
  const lines: string[] = [];
  const progress = createProgress({ say: (line) => lines.push(line), now: () => nowMs });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { lines, progress, pass };
}

/** Understands just what progress writes: whole lines, and "n lines up, erase from there". */
function fakeScreen(columns: number) {
  const rows: string[] = [];
  return {
    columns,
    rows: () => rows,
    say: (line: string) => void rows.push(line),
    write(text: string) {
      const up = text.startsWith('\x1b') && /(\d+)F/.exec(text);
      if (up) rows.length -= Number(up[1]);
      else rows.push(text.trimEnd());
    },
  };
}
