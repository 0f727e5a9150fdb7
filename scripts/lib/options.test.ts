import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { UsageError } from './errors.ts';
import { flag, integer, oneOf, parseArguments, valued } from './options.ts';

const SPEC = {
  name: 'seed',
  json: true,
  options: {
    payments: valued('N', 'how many', integer({ min: 1, max: 1000 }).default(200)),
    from: valued('ASE', 'who pays', oneOf(['cloud-nine', 'happy-life']).optional()),
    noTraffic: flag('quiet'),
  },
};

function problemsOf(words: string[], spec: Parameters<typeof parseArguments>[0] = SPEC): string {
  try {
    parseArguments(spec, words);
  } catch (error) {
    assert.ok(error instanceof UsageError, String(error));
    assert.equal(error.exitCode, 2);
    return error.message;
  }
  return '';
}

describe('parseArguments', () => {
  it('fills in the defaults', () => {
    const parsed = parseArguments(SPEC, []);
    assert.deepEqual(parsed.options, { payments: 200, from: undefined, noTraffic: false });
    assert.equal(parsed.json, false);
  });

  it('reads values in both forms, and flags', () => {
    const parsed = parseArguments(SPEC, ['--payments=7', '--from', 'cloud-nine', '--no-traffic', '--json']);
    assert.deepEqual(parsed.options, { payments: 7, from: 'cloud-nine', noTraffic: true });
    assert.equal(parsed.json, true);
  });

  for (const [words, expected] of [
    [['--paymets', '3'], /unknown flag --paymets: did you mean --payments\?/],
    [['--wat'], /unknown flag --wat$/],
    [['--payments'], /--payments needs a value: --payments N/],
    [['--payments', '-3'], /--payments "-3" must be at least 1/],
    [['--payments', '0x10'], /--payments "0x10" must be a whole number/],
    [['--payments', '1', '--payments', '2'], /--payments is given twice/],
    [['--no-traffic=yes'], /--no-traffic takes no value/],
    [['more'], /unexpected word "more"/],
    [['--from', 'mars'], /--from "mars" must be cloud-nine or happy-life/],
  ] as const) {
    it(`refuses ${words.join(' ')}`, () => assert.match(problemsOf([...words]), expected));
  }

  it('names everything that is wrong at once', () => {
    const problems = problemsOf(['--payments', 'x', '--from', 'mars', '--jsn']);
    for (const part of [/--payments "x"/, /--from "mars"/, /--jsn: did you mean --json/])
      assert.match(problems, part);
  });

  it('says which flag is needed', () => {
    const spec = { name: 'x', options: { name: valued('NAME', 'needed', z.string()) } };
    assert.equal(problemsOf([], spec), '--name is needed: --name NAME');
    assert.equal(problemsOf(['--name'], spec), '--name needs a value: --name NAME');
  });

  it('helps even when the rest is wrong', () => {
    assert.equal(parseArguments(SPEC, ['--wat', '--help']).help, true);
    assert.equal(parseArguments(SPEC, ['-h']).help, true);
  });
});
