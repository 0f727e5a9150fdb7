import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cannotPull } from './images.ts';
import { troubleOf } from './trouble.ts';

const SAID: [string, string, RegExp][] = [
  [
    'a full disk',
    'failed to register layer: write /usr/bin/node: no space left on device\n',
    /up: no disk space is left/,
  ],
  [
    'a port that somebody took in between',
    'Error response from daemon: driver failed programming external connectivity on endpoint x: Bind for 127.0.0.1:13000 failed: port is already allocated\n',
    /up: port 13000 was taken while/,
  ],
  [
    'the same from another engine',
    'Error response from daemon: failed to set up container networking: failed to bind host port for 127.0.0.1:19090: listen tcp4 127.0.0.1:19090: bind: address already in use\n',
    /up: port 19090 was taken while/,
  ],
  [
    'a version that does not exist',
    'Error response from daemon: manifest for grafana/grafana:0.0.0 not found: manifest unknown: manifest unknown\n',
    /up: the image registry does not have an image of this version/,
  ],
  [
    'a registry that has enough of us',
    'toomanyrequests: You have reached your pull rate limit.\n',
    /limits how often/,
  ],
  [
    'a profile without its variable',
    'env file /x/deploy/compose/hops-1/global-bank.env not found: stat /x: no such file or directory\n',
    /up: there is no \/x\/deploy\/compose\/hops-1\/global-bank\.env/,
  ],
  [
    'networks without end',
    'failed to create network x: Error response from daemon: all predefined address pools have been fully subnetted\n',
    /no address range left/,
  ],
];

describe('what docker says, in words', () => {
  for (const [what, stderr, message] of SAID) {
    test(`of ${what}`, () => {
      const error = troubleOf('up', stderr);
      assert.match(error.message, message);
      assert.ok(error.details.length > 0);
    });
  }

  test('of anything else: its own last lines, without progress and warnings', () => {
    const { message, details } = troubleOf(
      'starting',
      ' Container x-1 Starting \n\ntime="2026" level=warning msg="old"\nsomething new went wrong\n Network y Removed \n',
    );
    assert.equal(message, 'starting failed');
    assert.deepEqual(details, ['something new went wrong']);
  });

  test('of an image that cannot be pulled: which, why, and how to do without', () => {
    const { message, details } = cannotPull(
      'grafana/grafana:13.2.2',
      'Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host\n',
    );
    assert.match(message, /^cannot pull grafana\/grafana:13\.2\.2: .*no such host/);
    assert.match(details.join('\n'), /--compose --viewer/);
    assert.doesNotMatch(cannotPull('prom/prometheus:v1', 'x\n').details.join('\n'), /--viewer/);
  });
});
