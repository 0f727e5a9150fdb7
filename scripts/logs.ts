import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { styleText } from 'node:util';
import { z } from 'zod';
import { COMPONENT_NAMES } from './lib/component.ts';
import { showContainerLogs } from './lib/compose/logs.ts';
import { findComposeRun } from './lib/compose/running.ts';
import { VerbError } from './lib/errors.ts';
import { formatLogLine, type LogLine } from './lib/logs/logLine.ts';
import { createLogReader } from './lib/logs/merge.ts';
import { flag, integer, valued } from './lib/options.ts';
import { observe } from './lib/running.ts';
import { loadSettings } from './lib/settings.ts';
import { readRunState } from './lib/state.ts';
import { defineVerb } from './lib/verb.ts';

const POLL_MS = 200;
const NAMES: readonly string[] = COMPONENT_NAMES;

export default defineVerb(import.meta, {
  summary: 'Shows what the components say, merged by time and readable.',
  options: {
    component: valued(
      'NAMES',
      `only these, with commas between: ${NAMES.join(', ')}`,
      z
        .string()
        .transform((text) => text.split(','))
        .refine((names) => names.every((name) => NAMES.includes(name)), `must be of ${NAMES.join(', ')}`)
        .optional(),
    ),
    lines: valued(
      'N',
      'how many of the newest lines; default 100',
      integer({ min: 0, max: 100_000 }).default(100),
    ),
    follow: flag('go on until Ctrl-C'),
  },
  async run({ options, signal }) {
    const settings = loadSettings();
    const { home } = settings;
    const names = options.component ?? NAMES;
    const width = Math.max(...names.map(({ length }) => length));
    const isEmbedded = readRunState(home)?.components.some((component) => observe(component).process);
    const containers = isEmbedded ? undefined : await findComposeRun(settings);
    if (containers) {
      const request = { components: names, lines: options.lines, follow: options.follow };
      await showContainerLogs(settings, containers, request, (lines) => print(lines, width), signal);
      return undefined;
    }
    const reader = createLogReader(
      names.map((component) => ({ component, file: path.join(home, 'logs', `${component}.log`) })),
    );
    const all = reader.read();
    if (all.length === 0 && !readRunState(home)) {
      throw new VerbError('there are no logs: ./playground up starts what writes them');
    }
    print(options.lines === 0 ? [] : all.slice(-options.lines), width);
    while (options.follow && !signal.aborted) {
      await delay(POLL_MS, undefined, { signal }).catch(() => {});
      print(reader.read(), width);
    }
    return undefined;
  },
});

const COLOURS = { debug: 'gray', info: 'reset', warn: 'yellow', error: 'red' } as const;

function print(lines: readonly LogLine[], width: number): void {
  for (const line of lines) {
    const text = formatLogLine(line, width);
    process.stdout.write(`${process.stdout.isTTY ? styleText(COLOURS[line.level], text) : text}\n`);
  }
}
