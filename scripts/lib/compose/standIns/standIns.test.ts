import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { createProgress } from '../../tools/progress.ts';
import { capture } from '../capture.ts';
import { type FakeAnswer, fakeDocker } from '../testing/fakeDocker.ts';
import { ensureImages, releaseNames } from './standIns.ts';

const NOBODY_THERE = 'dial tcp: lookup registry-1.docker.io: no such host\n';
const REAL: FakeAnswer = { words: 'image inspect', stdout: '<no value>\n' };
const ABSENT: FakeAnswer = { words: 'image inspect', exitCode: 1 };

function engine(t: TestContext, answers: FakeAnswer[]) {
  const fake = fakeDocker(t, { docker: answers });
  const said: string[] = [];
  return {
    ...fake,
    said,
    docker: { docker: (words: readonly string[]) => capture(['docker', ...words], { env: fake.env }) },
    context: {
      env: fake.env,
      say: (line: string) => void said.push(line),
      progress: createProgress({ say: () => {} }),
      signal: new AbortController().signal,
    },
  };
}

describe('images of others', () => {
  test('that are there are used as they are: neither pulled nor replaced', async (t) => {
    const { docker, context, calls } = engine(t, [REAL]);
    const found = await ensureImages(docker, ['prom/prometheus:v3.15.0', 'node:24-bookworm-slim'], context);
    assert.deepEqual(found.real, ['prom/prometheus:v3.15.0', 'node:24-bookworm-slim']);
    assert.ok(calls().every((call) => call.startsWith('docker image inspect')));
  });

  test('that can be pulled are pulled', async (t) => {
    const { docker, context, calls } = engine(t, [ABSENT, { words: 'pull' }]);
    const found = await ensureImages(docker, ['prom/prometheus:v3.15.0'], context);
    assert.deepEqual(found, { real: ['prom/prometheus:v3.15.0'], standIns: [], missing: [] });
    assert.equal(calls().at(-1), 'docker pull --quiet prom/prometheus:v3.15.0');
  });

  test('that cannot be had at all are named, and a registry that is not there is asked once', async (t) => {
    const { docker, context, calls, said } = engine(t, [
      ABSENT,
      { words: 'pull', exitCode: 1, stderr: NOBODY_THERE },
    ]);
    const found = await ensureImages(docker, ['grafana/grafana:13.2.2', 'x/y:1'], context);
    assert.deepEqual(found.missing, ['grafana/grafana:13.2.2', 'x/y:1']);
    assert.equal(calls().filter((call) => call.startsWith('docker pull')).length, 1);
    assert.match(said[0]!, /^grafana\/grafana:13\.2\.2 cannot be pulled: .*no such host/);
  });

  test('keep their names when a run is over; stand-ins give them back, and stay cached', async (t) => {
    const { docker, calls } = engine(t, [{ words: 'image rm' }]);
    await releaseNames(docker, { real: ['a:1'], standIns: ['b:2'], missing: [] });
    assert.deepEqual(calls(), ['docker image rm --no-prune b:2']);
    await releaseNames(docker, { real: ['a:1'], standIns: [], missing: [] });
    assert.equal(calls().length, 1);
  });
});
