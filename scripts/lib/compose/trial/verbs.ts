import path from 'node:path';
import { ROOT } from '../../settings.ts';
import { capture } from '../capture.ts';

interface Verb<Report> {
  exitCode: number;
  report: Report;
  stderr: string;
}

/** Runs a verb with `--json`, as `npx zx scripts/NAME` does, in the environment of a trial. */
async function runVerb<Report>(
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  name: string,
  ...words: string[]
): Promise<Verb<Report>> {
  const file = path.join(ROOT, 'scripts', `${name}.ts`);
  const command = [process.execPath, file, ...words, '--json'];
  const { exitCode, stdout, stderr } = await capture(command, { cwd: ROOT, env, signal });
  let report: unknown;
  try {
    report = JSON.parse(stdout);
  } catch {
    report = undefined;
  }
  return { exitCode, report: report as Report, stderr };
}

/** What a verb says when it refuses: its one line, and the lines below it. */
export async function refusal(
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  name: string,
  ...words: string[]
): Promise<string> {
  const run = await runVerb<{ error?: string; details?: string[] }>(env, signal, name, ...words);
  if (run.exitCode === 0) throw new Error(`${name} ${words.join(' ')} is content, but should not be`);
  return [run.report?.error, ...(run.report?.details ?? [])].join('\n');
}

/** The verb's report; an answer of no, or none, is an error with the verb's own words. */
export async function mustRunVerb<Report>(
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  name: string,
  ...words: string[]
): Promise<Report> {
  const { exitCode, report, stderr } = await runVerb<Report>(env, signal, name, ...words);
  if (exitCode !== 0) {
    const said = stderr.trim().split('\n').slice(-12).join('\n');
    throw new Error(`${name} ${words.join(' ')} gives exit code ${exitCode}\n${said}\n${excerpt(report)}`);
  }
  return report;
}

/** The numbers that are equal are left out, and the others come last: what a report says in words is worth more. */
function excerpt(report: unknown): string {
  if (typeof report !== 'object' || report === null) return '';
  const { rows, ...rest } = report as { rows?: { equal?: boolean }[] };
  const wrong = rows?.filter(({ equal }) => equal !== true);
  return JSON.stringify({ ...rest, ...(wrong && { rows: wrong }) }, null, 2).slice(0, 3000);
}
