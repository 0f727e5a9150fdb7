import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { VerbError } from '../errors.ts';
import { findEngine, isAtLeast } from './engine.ts';
import { type FakeAnswer, fakeDocker } from './testing/fakeDocker.ts';

const ENGINE: FakeAnswer = { words: 'version', stdout: '28.2.2\n' };
const NO_PLUGIN: FakeAnswer = {
  words: 'compose',
  stderr: "docker: 'compose' is not a docker command.\n",
  exitCode: 1,
};

describe('engine and compose', () => {
  test('are found as a plugin', async (t) => {
    const docker = fakeDocker(t, { docker: [ENGINE, { words: 'compose version', stdout: 'v2.38.1\n' }] });
    const engine = await findEngine(docker);
    assert.deepEqual([engine.version, engine.composeVersion], ['28.2.2', '2.38.1']);
    await engine.compose(['ps']);
    assert.equal(docker.calls().at(-1), 'docker compose ps');
  });

  test('are found as two programs', async (t) => {
    const docker = fakeDocker(t, {
      docker: [ENGINE, NO_PLUGIN],
      'docker-compose': [{ words: 'version --short', stdout: '5.5.0\n' }],
    });
    const engine = await findEngine(docker);
    await engine.compose(['ps']);
    assert.equal(docker.calls().at(-1), 'docker-compose ps');
  });

  const troubles: [string, Record<string, FakeAnswer[]>, RegExp, RegExp][] = [
    ['no Docker at all', {}, /^Docker is not installed/, /docs\.docker\.com/],
    [
      'an engine that does not run',
      {
        docker: [
          {
            words: 'version',
            exitCode: 1,
            stderr:
              'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n',
          },
        ],
      },
      /the Docker engine does not run \(nobody answers at unix:\/\/\/var\/run\/docker\.sock\)$/,
      /systemctl start docker.*Docker Desktop/,
    ],
    [
      'an engine that this user may not use',
      {
        docker: [
          {
            words: 'version',
            exitCode: 1,
            stderr:
              'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock\n',
          },
        ],
      },
      /you may not use the Docker engine$/,
      /usermod -aG docker/,
    ],
    [
      'no compose',
      { docker: [ENGINE, NO_PLUGIN] },
      /^Docker has no compose: version 2\.20\.2 or newer/,
      /compose\/install/,
    ],
    [
      'a compose that is too old',
      {
        docker: [ENGINE, NO_PLUGIN],
        'docker-compose': [{ words: 'version --short', stdout: '1.29.2\n' }],
      },
      /^Docker Compose 2\.20\.2 or newer is needed: docker-compose is 1\.29\.2$/,
      /compose\/install/,
    ],
  ];
  for (const [what, programs, message, advice] of troubles) {
    test(`${what}: one line that says so, and what to do`, async (t) => {
      await assert.rejects(findEngine(fakeDocker(t, programs)), (error) => {
        assert.ok(error instanceof VerbError);
        assert.match(error.message, message);
        assert.match(error.details.join(' '), advice);
        assert.match(error.details.at(-1)!, /without --compose/);
        return true;
      });
    });
  }

  test('versions are compared by numbers, not by letters', () => {
    assert.ok(isAtLeast('2.20.2', '2.20.2'));
    assert.ok(isAtLeast('2.100.0', '2.20.2'));
    assert.ok(isAtLeast('5.0.0', '2.20.2'));
    assert.ok(!isAtLeast('2.20.1', '2.20.2'));
    assert.ok(!isAtLeast('2.9.9', '2.20.2'));
  });
});
