import { describeOwner, portOwner } from '../portOwner.ts';
import { healthOf, lastLogLines, observe } from '../running.ts';
import { LOOPBACK } from '../settings.ts';
import type { RunningComponent } from '../state.ts';
import { type Finding, RESTART } from './finding.ts';

/** Whether a component's process lives, is awake, has its port, and says that it is well. */
export async function lookAtProcess(component: RunningComponent | undefined, name: string): Promise<Finding> {
  if (!component)
    return { evidence: [], trouble: { why: `${name} was never started`, fix: './playground up' } };
  const { process } = observe(component);
  const owner =
    component.url === null ? undefined : await portOwner(LOOPBACK, Number(new URL(component.url).port));
  const stranger = owner?.pid !== undefined && owner.pid !== component.pid ? describeOwner(owner) : undefined;
  if (!process) {
    return { evidence: lastWords(component), trouble: deadTrouble(component, stranger) };
  }
  if (process.state === 'frozen') {
    const why = `${name} (pid ${component.pid}) is frozen: somebody stopped it with a signal`;
    return { evidence: [], trouble: { why, fix: `kill -CONT ${component.pid}` } };
  }
  if (stranger) {
    const why = `the port of ${name} is answered by another program: ${stranger}`;
    return { evidence: [], trouble: { why, fix: `end that program, then ${RESTART}` } };
  }
  const health = await healthOf(component);
  if (!health.healthy) {
    const why = `${name} (pid ${component.pid}) lives but is not well: ${health.why}`;
    return { evidence: lastWords(component), trouble: { why, fix: RESTART } };
  }
  return { evidence: [`${name} is healthy (pid ${component.pid})`] };
}

function deadTrouble({ name, url }: RunningComponent, stranger: string | undefined) {
  if (stranger === undefined) return { why: `the process of ${name} is gone`, fix: './playground up' };
  const why = `the process of ${name} is gone, and ${stranger} has its port ${new URL(url!).port}`;
  return { why, fix: 'end that program, then ./playground up' };
}

/** The newest line that tells of trouble, else the last one. */
function lastWords({ name, logFile }: RunningComponent): string[] {
  const lines = lastLogLines(logFile, 200);
  const line = lines.findLast((text) => /error|fail|cannot|refused|denied/i.test(text)) ?? lines.at(-1);
  return line ? [`last words of ${name}: ${line.slice(0, 300)}`] : [];
}
