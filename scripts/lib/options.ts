import { parseArgs } from 'node:util';
import { z } from 'zod';
import { UsageError } from './errors.ts';
import { suggestion } from './nearest.ts';

/** One flag of a verb. With `value` it takes one (`--payments N`), without it is a switch. */
export interface Option<Schema extends z.ZodType = z.ZodType> {
  help: string;
  value?: string;
  schema: Schema;
}
export type Options = Record<string, Option>;
export type OptionValues<O extends Options> = { [K in keyof O]: z.output<O[K]['schema']> };

/** A flag without a value: `--no-traffic`. */
export function flag(help: string): Option<z.ZodDefault<z.ZodBoolean>> {
  return { help, schema: z.boolean().default(false) };
}

/** A flag with a value: `--payments N`. */
export function valued<S extends z.ZodType>(value: string, help: string, schema: S): Option<S> {
  return { help, value, schema };
}

/** Whole numbers only: `1e3`, ` 5` and `0x10` are typing mistakes here. */
export function integer(range: { min: number; max: number }) {
  return z
    .string()
    .regex(/^-?\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(
      z
        .number()
        .min(range.min, `must be at least ${range.min}`)
        .max(range.max, `must be at most ${range.max}`),
    );
}

/** One of some words. */
export function oneOf<const W extends readonly [string, ...string[]]>(words: W) {
  return z.enum(words, `must be ${words.join(' or ')}`);
}

/** `noTraffic` → `--no-traffic`. */
export function flagName(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

export interface ParsedArguments<O extends Options> {
  options: OptionValues<O>;
  positionals: string[];
  help: boolean;
  json: boolean;
}

/** Reads the words after the verb. Everything that is wrong with them is told in one UsageError. */
export function parseArguments<O extends Options>(
  spec: { name: string; options: O; positionals?: { max: number }; json?: boolean },
  words: readonly string[],
): ParsedArguments<O> {
  const builtIn: Options = { help: flag(''), ...(spec.json ? { json: flag('') } : {}) };
  const all: Options = { ...spec.options, ...builtIn };
  const keyOf = new Map(Object.keys(all).map((key) => [flagName(key).slice(2), key]));
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries([
      ...[...keyOf].map(([name, key]) => [name, { type: all[key]!.value ? 'string' : 'boolean' } as const]),
      ['help', { type: 'boolean', short: 'h' } as const],
    ]),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });

  const problems: string[] = [];
  const given: Record<string, unknown> = {};
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const key = keyOf.get(token.name);
    if (key === undefined) {
      const names = [...keyOf.keys()];
      problems.push(`unknown flag ${token.rawName}${suggestion(token.name, names, '--')}`);
    } else if (key in given) problems.push(`${token.rawName} is given twice`);
    else if (!all[key]!.value && token.value !== undefined) problems.push(`${token.rawName} takes no value`);
    else if (all[key]!.value && token.value === undefined) {
      problems.push(`${token.rawName} needs a value: ${token.rawName} ${all[key]!.value}`);
    } else given[key] = token.value ?? true;
  }
  const max = spec.positionals?.max ?? 0;
  for (const extra of positionals.slice(max)) problems.push(`unexpected word ${JSON.stringify(extra)}`);

  const options: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(spec.options)) {
    const result = option.schema.safeParse(given[key]);
    if (result.success) options[key] = result.data;
    else if (!(key in given)) {
      if (!problems.some((problem) => problem.startsWith(flagName(key)))) {
        problems.push(`${flagName(key)} is needed: ${flagName(key)} ${option.value}`);
      }
    } else {
      const why = result.error.issues.map((issue) => issue.message).join(', ');
      problems.push(`${flagName(key)} ${JSON.stringify(given[key])} ${why}`);
    }
  }
  const help = given.help === true;
  if (problems.length > 0 && !help) {
    throw new UsageError(problems.join('; '), [`see ./playground ${spec.name} --help`]);
  }
  return { options: options as OptionValues<O>, positionals, help, json: given.json === true };
}
