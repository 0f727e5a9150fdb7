import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatLogLine, parseLogLine } from './logLine.ts';

const AT = Date.parse('2026-01-02T03:04:05.678Z');

describe('a log line', () => {
  for (const [who, line, expected] of [
    [
      'pino',
      `{"level":40,"time":${AT},"name":"ase","err":{"code":"E","message":"no"},"id":7,"msg":"m"}`,
      'WARN   m (E no) id=7',
    ],
    [
      'a part of an ASE',
      `{"level":"warn","time":${AT},"nodeId":"ase","component":"payments","correlationId":"x","trace_id":"y","span_id":"z","a":1,"b":2,"msg":"m"}`,
      'WARN   [payments] m a=1 b=2 correlationId=x trace_id=y',
    ],
    [
      'the collector',
      `{"level":"error","ts":"2026-01-02T03:04:05.678Z","caller":"x.go","msg":"m","error":"why"}`,
      'ERROR  m (why)',
    ],
    ['a collector that counts seconds', `{"level":"info","ts":${AT / 1000},"msg":"m"}`, 'INFO   m'],
    [
      'Prometheus',
      '{"time":"2026-01-02T03:04:05.678Z","level":"INFO","source":"main.go:1","msg":"m","a":"b"}',
      'INFO   m a=b',
    ],
    ['anything else', 'plain words', 'INFO   plain words'],
    ['a broken object', '{"level":30', 'INFO   {"level":30'],
    ['a stack trace', 'TypeError: x', 'ERROR  TypeError: x'],
  ] as const) {
    it(`of ${who} becomes readable`, () => {
      assert.equal(formatLogLine(parseLogLine('ase', line, AT), 5), `03:04:05.678  ase    ${expected}`);
    });
  }
});
