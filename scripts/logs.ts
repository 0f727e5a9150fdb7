import { setTimeout as delay } from 'node:timers/promises';
import { styleText } from 'node:util';
import { z } from 'zod';
import { COMPONENT_NAMES } from './lib/component.ts';
import { showContainerLogs } from './lib/compose/logs.ts';
import { findComposeRun } from './lib/compose/running.ts';
import { UsageError, VerbError } from './lib/errors.ts';
import { openLogs } from './lib/logs/files.ts';
import { formatLogLine, type LogLine } from './lib/logs/logLine.ts';
import { createPaymentLines, type PaymentIds, paymentId } from './lib/logs/payment.ts';
import { flag, integer, valued } from './lib/options.ts';
import { observe } from './lib/running.ts';
import { loadSettings } from './lib/settings.ts';
import { readRunState } from './lib/state.ts';
import { plural } from './lib/text.ts';
import { ASE_NAMES } from './lib/topology.ts';
import { defineVerb } from './lib/verb.ts';

const POLL_MS = 200;
const NAMES: readonly string[] = COMPONENT_NAMES;
const DEFAULT_LINES = 100;
const MOST_LINES = 100_000;

export default defineVerb(import.meta, {
  summary: 'Shows what the components say, merged by time and readable.',
  details:
    'With --payment it follows one payment through all ASEs; the exit code is 1 when no line is about it. docs/logs.md says what is in a line.',
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
    payment: valued(
      'ID',
      'only what is about this payment: the id or URL of an outgoing or incoming payment',
      z
        .string()
        .transform((text, context) => {
          const id = paymentId(text);
          if (id === undefined) context.addIssue('must be the id or URL of a payment');
          return id;
        })
        .optional(),
    ),
    lines: valued(
      'N',
      `how many of the newest lines; default ${DEFAULT_LINES}, with --payment all`,
      integer({ min: 0, max: MOST_LINES }).optional(),
    ),
    follow: flag('go on until Ctrl-C'),
  },
  json: true,
  async run({ options, json, signal }) {
    if (json && options.follow) throw new UsageError('--follow has no end, and so no --json');
    const settings = loadSettings();
    const { home } = settings;
    const payment = options.payment === undefined ? undefined : createPaymentLines(options.payment);
    // Nobody else knows payments.
    const components = options.component ?? (payment ? ASE_NAMES : NAMES);
    const most = options.lines ?? (payment ? MOST_LINES : DEFAULT_LINES);
    const kept: LogLine[] = [];
    let count = 0;
    const show = (lines: readonly LogLine[]) => {
      count += lines.length;
      if (json) kept.push(...lines);
      else print(lines, components, options.payment);
    };
    const isEmbedded = readRunState(home)?.components.some((component) => observe(component).process);
    const containers = isEmbedded ? undefined : await findComposeRun(settings);
    if (containers) {
      const request = { components, lines: most, follow: options.follow, payment };
      await showContainerLogs(settings, containers, request, show, signal);
    } else {
      const source = openLogs(home, components, payment);
      const newest = source.newest(most);
      if (newest.length === 0 && !payment && !readRunState(home)) {
        throw new VerbError('there are no logs: ./playground up starts what writes them');
      }
      show(newest);
      while (options.follow && !signal.aborted) {
        await delay(POLL_MS, undefined, { signal }).catch(() => {});
        show(source.more());
      }
    }
    if (!payment) return { report: { lines: kept.map(reportOf) } };
    const ids = payment.ids();
    const ok = count > 0;
    return {
      report: { payment: options.payment, ...ids, lines: kept.map(reportOf) },
      ok,
      text: ok ? summaryOf(ids) : `no line is about payment ${options.payment}`,
    };
  },
});

function reportOf({ component, timeMs, level, fields, text }: LogLine) {
  // A program that writes plain words has no fields.
  const said = Object.keys(fields).length > 0 ? { fields } : { text };
  return { component, time: new Date(timeMs).toISOString(), level, ...said };
}

/** Under the lines: what else the payment is called. */
function summaryOf({ outgoing, incoming, traces }: PaymentIds): string {
  const named = { 'outgoing payment': outgoing, 'incoming payment': incoming, trace: traces };
  return Object.entries(named)
    .flatMap(([noun, ids]) => (ids.length > 0 ? [`${plural(ids.length, noun)}: ${ids.join(', ')}`] : []))
    .join('\n');
}

const COLOURS = { debug: 'gray', info: 'reset', warn: 'yellow', error: 'red' } as const;

function print(lines: readonly LogLine[], components: readonly string[], payment: string | undefined): void {
  const width = Math.max(...components.map(({ length }) => length));
  for (const line of lines) {
    const said = formatLogLine(line, width);
    // The id that was asked for need not be told again on every line, and the trace is told in the end.
    const text = payment ? said.replace(` correlationId=${payment}`, '').replace(/ trace_id=\w+/, '') : said;
    process.stdout.write(`${process.stdout.isTTY ? styleText(COLOURS[line.level], text) : text}\n`);
  }
}
