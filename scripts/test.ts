import type { Check, CheckResult } from './lib/checks/check.ts';
import { COMPOSE_CHECKS } from './lib/checks/compose.ts';
import { CONFIG_CHECKS } from './lib/checks/config.ts';
import { E2E_CHECKS, LONG_CHECKS } from './lib/checks/e2e.ts';
import { prepareChecks } from './lib/checks/prepare.ts';
import { UNIT_CHECKS } from './lib/checks/unit.ts';
import { findEngine } from './lib/compose/engine.ts';
import { ensureEngine } from './lib/compose/trial/engine.ts';
import { messageOf, UsageError } from './lib/errors.ts';
import { suggestion } from './lib/nearest.ts';
import { createProgress } from './lib/tools/progress.ts';
import { defineVerb, type VerbContext } from './lib/verb.ts';

const GROUPS: Record<string, readonly Check[]> = {
  unit: UNIT_CHECKS,
  config: CONFIG_CHECKS,
  e2e: E2E_CHECKS,
  long: LONG_CHECKS,
  compose: COMPOSE_CHECKS,
};
/** What a developer waits for; CI waits for all. Those of one row run beside those of the other, which often wait. */
const QUICK = [['unit'], ['e2e', 'config']];
const ALL = 'all';
type Context = VerbContext<Record<never, never>>;

interface Row extends CheckResult {
  name: string;
  seconds: number;
}

export default defineVerb(import.meta, {
  summary:
    'Proves the playground: types, style, unit tests, configurations, and the stack in a real browser.',
  details: 'Everything runs on free ports in temporary folders, beside a running playground or not.',
  options: {},
  positionals: {
    usage: '[all|unit|config|e2e|long|compose …]',
    help: `what to run; without a word ${QUICK.flat().join(', ')}; all, and in CI without a word, is everything that this machine can run`,
    max: Object.keys(GROUPS).length,
  },
  json: true,
  async run(context) {
    const words = knownWords(context.positionals);
    const isAll = words.includes(ALL) || (words.length === 0 && Boolean(process.env.CI));
    const lanes = isAll ? [await everything(context)] : words.length > 0 ? [words] : QUICK;
    const chosen = lanes.flat();
    const prepared = await prepareChecks(chosen, context);
    const env = isAll ? { ...prepared, E2E_SECOND_TRY: 'true' } : prepared;
    const rows = (await Promise.all(lanes.map((lane) => runLane(lane, env, context)))).flat();
    const total = (key: 'passed' | 'failed') => rows.reduce((sum, row) => sum + row[key], 0);
    const summary = { passed: total('passed'), failed: total('failed') };
    const leftOut = words.length === 0 ? Object.keys(GROUPS).filter((name) => !chosen.includes(name)) : [];
    if (leftOut.length > 0)
      context.say(`left out: ${leftOut.join(', ')}; ./playground test all runs them too`);
    return {
      report: { ...summary, leftOut, checks: rows.map(({ output: _output, ...row }) => row) },
      // CI reads this line: it stays alone and last.
      text: `${summary.passed} passed, ${summary.failed} failed`,
      ok: summary.failed === 0,
    };
  },
});

function knownWords(words: readonly string[]): readonly string[] {
  const known = [ALL, ...Object.keys(GROUPS)];
  const unknown = words.filter((word) => !known.includes(word));
  if (unknown.length === 0) return words;
  throw new UsageError(
    unknown.map((name) => `unknown group ${JSON.stringify(name)}${suggestion(name, known)}`).join('; '),
    [`there are: ${known.join(', ')}`],
  );
}

/** Containers where an engine is at hand; CI brings one along where it can, as `compose` does when it is named. */
async function everything(context: Context): Promise<string[]> {
  const groups = Object.keys(GROUPS);
  const { say, signal } = context;
  try {
    if (process.env.CI) await tryEngine(context);
    else await findEngine({ signal });
    return groups;
  } catch (error) {
    signal.throwIfAborted();
    const advice = process.env.CI ? '' : ': ./playground test compose gets an engine by itself';
    say(`without compose (${messageOf(error)})${advice}`);
    return groups.filter((group) => group !== 'compose');
  }
}

/** Throws where this machine can run no containers, whatever is installed. */
async function tryEngine({ say, signal }: Context): Promise<void> {
  const progress = createProgress({ say, terminal: undefined });
  const engine = await ensureEngine({ env: process.env, progress, say, signal });
  await engine.stop();
}

/** One check after the other. */
async function runLane(groups: readonly string[], env: NodeJS.ProcessEnv, context: Context): Promise<Row[]> {
  const rows: Row[] = [];
  for (const check of groups.flatMap((name) => GROUPS[name] ?? []))
    rows.push(await runCheck(check, env, context));
  return rows;
}

async function runCheck(check: Check, env: NodeJS.ProcessEnv, { say, signal }: Context): Promise<Row> {
  say(`${check.name} …`);
  const startedAtMs = Date.now();
  const result = await check.run({ say, signal, env });
  const seconds = (Date.now() - startedAtMs) / 1000;
  const mark = result.failed === 0 ? '✓' : '✗';
  say(`${mark} ${check.name}: ${result.passed} passed, ${result.failed} failed, ${seconds.toFixed(1)} s`);
  for (const note of result.notes ?? []) say(indent(note));
  if (result.failed > 0) say(indent(result.output));
  return { ...result, name: check.name, seconds };
}

function indent(text: string): string {
  return text.trimEnd().replace(/^/gm, '    ');
}
