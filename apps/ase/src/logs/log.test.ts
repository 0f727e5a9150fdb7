import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLog } from './log.ts';

function written(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLog({ nodeId: 'cloud-nine', level: 'info' }, { write: (line) => lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a log line of an ASE', () => {
  it('has the fields that every program here writes, level and time first, words last', () => {
    const beforeMs = Date.now();
    const [line] = written((log) =>
      log.child({ component: 'payments' }).warn({ correlationId: 'an id' }, 'Words'),
    );
    assert.deepEqual(Object.keys(line!), ['level', 'time', 'nodeId', 'component', 'correlationId', 'msg']);
    const { time, ...rest } = line!;
    assert.ok(Number(time) >= beforeMs && Number(time) <= Date.now());
    assert.deepEqual(rest, {
      level: 'warn',
      nodeId: 'cloud-nine',
      component: 'payments',
      correlationId: 'an id',
      msg: 'Words',
    });
  });

  it('says of an error what it is and why, and nothing that hangs on it', () => {
    const cause = Object.assign(new Error('x'.repeat(5_000)), { code: 'ECONNREFUSED' });
    const error = Object.assign(new Error('no answer', { cause }), {
      request: { headers: { authorization: 'Bearer a-token' } },
    });
    const [line] = written((log) => log.error({ err: error }, 'Words'));
    const err = line!.err as Record<string, unknown>;
    assert.deepEqual([err.type, err.message], ['Error', 'no answer']);
    const inner = err.cause as Record<string, string>;
    assert.deepEqual([inner.code, inner.message?.length], ['ECONNREFUSED', 1_000]);
    assert.ok(!JSON.stringify(line).includes('a-token'));
    const [thrown] = written((log) => log.error({ err: 'just text' }, 'Words'));
    assert.deepEqual(thrown!.err, { type: 'string', message: 'just text' });
  });

  it('ends the causes of causes', () => {
    const endless = new Error('round');
    endless.cause = endless;
    const [line] = written((log) => log.error({ err: endless }, 'Words'));
    assert.ok(JSON.stringify(line).length < 20_000);
  });
});
