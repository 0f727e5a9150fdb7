import { realpathSync } from 'node:fs';
import path from 'node:path';
import { Interrupted, messageOf, VerbError } from './errors.ts';
import { helpText } from './helpText.ts';
import { type Options, type OptionValues, parseArguments } from './options.ts';

export interface VerbSpec<O extends Options> {
  /** One line: what it does for its user. */
  summary: string;
  options: O;
  /** Words without dashes, such as `[VERB]`; none when left out. */
  positionals?: { usage: string; help: string; max: number };
  /** Further paragraphs of the help text. */
  details?: string;
  /** Whether the verb reports, and so has `--json`. */
  json?: boolean;
  run(context: VerbContext<O>): Promise<VerbResult | undefined>;
}

export interface VerbContext<O extends Options> {
  options: OptionValues<O>;
  positionals: string[];
  json: boolean;
  /** Tells how it goes, on stderr, so that stdout carries the answer alone. */
  say(line: string): void;
  /** Aborts on Ctrl-C and SIGTERM; a verb that has to tidy up listens to it. */
  signal: AbortSignal;
}

export interface VerbResult {
  /** What `--json` prints. */
  report?: unknown;
  /** What people read. */
  text?: string;
  /** false: the answer is no, exit code 1. */
  ok?: boolean;
}

export interface Verb {
  name: string;
  summary: string;
  help(): string;
  /** Runs with the words after the verb and gives the exit code; it throws nothing. */
  main(words: readonly string[]): Promise<number>;
}

/**
 * Makes a verb of the file `scripts/NAME.ts`, and runs it when that file (or its twin without suffix, or either
 * of them by way of zx) is the program that was asked for.
 */
export function defineVerb<const O extends Options>(meta: { filename: string }, spec: VerbSpec<O>): Verb {
  const name = path.basename(meta.filename, '.ts');
  const verb: Verb = {
    name,
    summary: spec.summary,
    help: () => helpText(name, spec),
    main: (words) => runVerb(name, spec, words),
  };
  const words = wordsAfter(meta.filename, process.argv);
  if (words !== undefined) {
    // `| head` has read enough: that is no error.
    process.stdout.on('error', () => process.exit(0));
    // After the file has been evaluated, and not awaited by it: zx removes its temporary copy of the twin then.
    setImmediate(() => void verb.main(words).then((exitCode) => exit(exitCode)));
  }
  return verb;
}

/** The words after the verb, or undefined when another program imports the verb's file. */
export function wordsAfter(filename: string, argv: readonly string[]): string[] | undefined {
  const isRunner =
    path.basename(argv[1] ?? '').replace(/\.\w+$/, '') === 'zx' || argv[1]?.endsWith('zx/build/cli.js');
  // zx takes its own options before the script.
  const last = isRunner ? argv.length : 2;
  for (let i = 1; i < last; i++) {
    const script = realPath(argv[i]!);
    if (script === filename || script === filename.replace(/\.ts$/, '')) return argv.slice(i + 1);
  }
  return undefined;
}

async function runVerb<O extends Options>(
  name: string,
  spec: VerbSpec<O>,
  words: readonly string[],
): Promise<number> {
  const interruption = new AbortController();
  const interrupt = () => {
    // The second Ctrl-C does not wait for the tidying up.
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort(new Interrupted());
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  let json = spec.json === true && words.includes('--json');
  try {
    const parsed = parseArguments({ name, ...spec }, words);
    json = parsed.json;
    if (parsed.help) {
      process.stdout.write(helpText(name, spec));
      return 0;
    }
    const { options, positionals } = parsed;
    const result = await spec.run({ options, positionals, json, say, signal: interruption.signal });
    if (json) printJson(result?.report ?? {});
    else if (result?.text) process.stdout.write(`${result.text.trimEnd()}\n`);
    return result?.ok === false ? 1 : 0;
  } catch (error) {
    if (json)
      printJson({ error: messageOf(error), details: error instanceof VerbError ? error.details : [] });
    return explain(name, error, say);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function explain(name: string, error: unknown, say: (line: string) => void): number {
  if (process.env.DEBUG && error instanceof Error) say(error.stack ?? error.message);
  if (error instanceof VerbError) {
    say(`playground ${name}: ${error.message}`);
    for (const detail of error.details) say(`  ${detail}`);
    return error.exitCode;
  }
  say(`playground ${name}: ${messageOf(error)}`);
  if (!process.env.DEBUG) say('  this is a fault of the playground itself; DEBUG=1 shows where');
  return 1;
}

function printJson(document: unknown): void {
  const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value);
  process.stdout.write(`${JSON.stringify(document, plain, 2)}\n`);
}

/** A pipe may still hold output: leave only when it is written. */
function exit(exitCode: number): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
}

function realPath(file: string): string | undefined {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}
