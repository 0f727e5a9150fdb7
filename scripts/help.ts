import { readdirSync } from 'node:fs';
import { UsageError } from './lib/errors.ts';
import { suggestion } from './lib/nearest.ts';
import { fittingColumns } from './lib/text.ts';
import { defineVerb, type Verb } from './lib/verb.ts';

export default defineVerb(import.meta, {
  summary: 'Lists the verbs, or explains one.',
  options: {},
  positionals: { usage: '[VERB]', help: 'the verb to explain', max: 1 },
  async run({ positionals: [name] }) {
    const names = verbNames();
    if (name === undefined) return { text: await overview(names) };
    if (!names.includes(name)) {
      throw new UsageError(`unknown verb ${JSON.stringify(name)}${suggestion(name, names)}`, [
        './playground help lists the verbs',
      ]);
    }
    return { text: (await importVerb(name)).help() };
  },
});

/** Every `scripts/NAME.ts` is a verb. */
export function verbNames(): string[] {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
}

/** The order in which a newcomer needs them; verbs that are not named here follow. */
const FIRST = ['up', 'status', 'open', 'seed', 'truth', 'doctor', 'logs', 'down', 'test'];

async function overview(names: readonly string[]): Promise<string> {
  const ordered = [
    ...FIRST.filter((name) => names.includes(name)),
    ...names.filter((n) => !FIRST.includes(n)),
  ];
  const verbs = await Promise.all(ordered.map(importVerb));
  return [
    './playground VERB [options]',
    '',
    fittingColumns(
      verbs.map((verb) => [verb.name, verb.summary]),
      '  ',
    ),
    '',
    './playground VERB --help explains a verb.',
  ].join('\n');
}

async function importVerb(name: string): Promise<Verb> {
  const module = (await import(`./${name}.ts`)) as { default: Verb };
  return module.default;
}
