import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ailmentOf, type Container, parseContainers } from './containers.ts';

const container = (changes: Partial<Container>): Container => ({
  id: 'f00',
  name: 'ilp-playground-rates-1',
  service: 'rates',
  folder: '/x',
  oneShot: false,
  status: 'running',
  health: 'healthy',
  healthWords: '',
  exitCode: 0,
  restarts: 0,
  network: null,
  pid: 7,
  startedAt: '2026-01-01T00:00:00Z',
  published: {},
  ...changes,
});

describe('containers', () => {
  test('are read from what docker inspect prints', () => {
    const [read] = parseContainers(
      JSON.stringify([
        {
          Id: 'abc',
          Name: '/ilp-playground-cloud-nine-1',
          RestartCount: 2,
          State: {
            Status: 'running',
            Pid: 4711,
            ExitCode: 0,
            StartedAt: '2026-11-21T12:00:00Z',
            Health: { Status: 'unhealthy', Log: [{ Output: 'old' }, { Output: 'refused\n' }] },
          },
          Config: {
            Labels: {
              'com.docker.compose.service': 'cloud-nine',
              'com.docker.compose.project.working_dir': '/repo',
            },
            Env: ['ENABLE_TELEMETRY=true', 'LIVENET=true'],
          },
          HostConfig: { RestartPolicy: { Name: 'unless-stopped' } },
          NetworkSettings: {
            Ports: { '14100/tcp': [{ HostIp: '127.0.0.1', HostPort: '15100' }], '1/tcp': null },
          },
        },
      ]),
    );
    assert.deepEqual(read, {
      id: 'abc',
      name: 'ilp-playground-cloud-nine-1',
      service: 'cloud-nine',
      folder: '/repo',
      oneShot: false,
      status: 'running',
      health: 'unhealthy',
      healthWords: 'refused',
      exitCode: 0,
      restarts: 2,
      network: 'livenet',
      pid: 4711,
      startedAt: '2026-11-21T12:00:00Z',
      published: { 14100: 15100 },
    });
  });

  test('that are well have no ailment: running ones, and one-shots that ended well', () => {
    assert.equal(ailmentOf(container({})), undefined);
    assert.equal(ailmentOf(container({ health: null })), undefined);
    assert.equal(ailmentOf(container({ health: 'starting', restarts: 1 })), undefined);
    assert.equal(
      ailmentOf(container({ oneShot: true, status: 'exited', health: null, pid: null })),
      undefined,
    );
  });

  test('that ail say why', () => {
    const words = (changes: Partial<Container>) => ailmentOf(container(changes));
    assert.equal(words({ oneShot: true, status: 'exited', exitCode: 1 }), 'ended with exit code 1');
    assert.equal(words({ status: 'exited', exitCode: 137 }), 'is exited (exit code 137)');
    assert.match(
      words({ status: 'restarting', exitCode: 2, restarts: 5 })!,
      /again and again \(exit code 2, 5/,
    );
    assert.match(words({ health: 'starting', restarts: 4 })!, /again and again/);
    assert.equal(words({ health: 'unhealthy', healthWords: 'refused' }), 'is unhealthy: refused');
    assert.equal(words({ status: 'paused' }), 'is paused');
  });
});
