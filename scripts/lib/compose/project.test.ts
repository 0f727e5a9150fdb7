import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test } from 'node:test';
import { readEnv } from '../env.ts';
import { ROOT } from '../settings.ts';
import type { Engine } from './engine.ts';
import { composeProject, isThisCheckout, projectName } from './project.ts';

const home = path.join(ROOT, '.playground');
const settings = { home, ...readEnv({}) };

describe('the compose project of a playground', () => {
  test('has the name that plain compose gives it, another playground has another', () => {
    assert.equal(projectName(settings, {}), 'ilp-playground');
    assert.equal(projectName({ ...settings, portOffset: 50 }, {}), 'ilp-playground-50');
    const elsewhere = projectName({ ...settings, home: '/tmp/other' }, {});
    assert.match(elsewhere, /^ilp-playground-[0-9a-f]{6}$/);
    assert.notEqual(elsewhere, projectName({ ...settings, home: '/tmp/third' }, {}));
    assert.equal(projectName(settings, { COMPOSE_PROJECT_NAME: 'mine' }), 'mine');
  });

  test('is told its ports with the offset, which compose cannot add', async () => {
    let seen: NodeJS.ProcessEnv | undefined;
    const engine: Engine = {
      version: '28.0.0',
      composeVersion: '2.38.1',
      docker: async () => assert.fail('not asked'),
      compose: async (_words, options) => {
        seen = options?.env;
        return { exitCode: 0, stdout: '', stderr: '' };
      },
    };
    const project = composeProject(engine, { home, ...readEnv({ PLAYGROUND_PORT_OFFSET: '50' }) }, {});
    const network = { core: false, livenet: ['happy-life'] } as const;
    await project.compose(['up'], { choice: { hops: 2, dashboards: 'viewer', network } });
    assert.equal(seen?.CLOUD_NINE_PORT, '14150');
    assert.equal(seen?.COMPOSE_PROFILES, 'viewer,hops,livenet');
    assert.deepEqual([seen?.CLOUD_NINE_NETWORK, seen?.HAPPY_LIFE_NETWORK], ['testnet', 'livenet']);
    assert.equal(seen?.PLAYGROUND_HOPS, '2');
    assert.equal(seen?.COMPOSE_PROJECT_NAME, 'ilp-playground-50');
    // Whatever runs is meant.
    await project.compose(['down']);
    assert.equal(seen?.COMPOSE_PROFILES, 'grafana,viewer,hops,livenet,logs');
  });

  test('belongs to this checkout or to another one', () => {
    assert.ok(isThisCheckout(ROOT));
    assert.ok(isThisCheckout(`${ROOT}/scripts/..`));
    assert.ok(!isThisCheckout(path.dirname(ROOT)));
    assert.ok(!isThisCheckout('/nowhere'));
  });
});
