import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { VerbError } from './errors.ts';
import { findOrDownloadGrafana } from './grafana.ts';
import { createProgress } from './tools/progress.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'playground-grafana-'));
});
after(() => rmSync(folder, { recursive: true }));

/** A folder laid out as Grafana's archive, with a program that only tells its version. */
function fakeGrafana(name: string, { answer = 'grafana version 13.2.2' } = {}): string {
  const home = path.join(folder, name);
  mkdirSync(path.join(home, 'bin'), { recursive: true });
  mkdirSync(path.join(home, 'conf'));
  writeFileSync(path.join(home, 'conf/defaults.ini'), '');
  writeFileSync(path.join(home, 'bin/grafana'), `#!/bin/sh\necho ${answer}\n`, { mode: 0o755 });
  return home;
}

function find(environment: NodeJS.ProcessEnv) {
  return findOrDownloadGrafana({
    version: '13.2.2',
    environment: { XDG_CACHE_HOME: path.join(folder, 'cache'), ...environment },
    progress: createProgress({ say: () => {} }),
    signal: new AbortController().signal,
  });
}

describe('a Grafana', () => {
  it('of PATH is used from where it is, with the pages beside it', async () => {
    const home = fakeGrafana('installed');
    const program = path.join(home, 'bin/grafana');
    assert.deepEqual(await find({ PATH: path.join(home, 'bin') }), { program, home });
  });

  it('that somebody chose wins over the one of PATH, and one that is none is passed over', async () => {
    const home = fakeGrafana('chosen');
    const impostor = fakeGrafana('impostor', { answer: 'something else' });
    const environment = { PLAYGROUND_TOOLS: path.join(home, 'bin'), PATH: path.join(impostor, 'bin') };
    assert.equal((await find(environment)).home, home);
  });

  it('whose archive is not the recorded one is refused, with advice, and nothing of it stays', async () => {
    const server = createServer((_request, response) => response.end('no archive')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      await assert.rejects(find({ PLAYGROUND_DOWNLOAD_MIRROR: `http://127.0.0.1:${port}` }), (error) => {
        assert.ok(error instanceof VerbError);
        assert.match(error.message, /cannot be downloaded: refused .*its SHA-256 is/);
        assert.match(error.details.join('\n'), /\.\/playground up serves the same boards without Grafana/);
        return true;
      });
      assert.deepEqual(
        readdirSync(path.join(folder, 'cache/ilp-playground/grafana')).filter(
          (name) => !name.includes('.lock'),
        ),
        [],
      );
    } finally {
      server.close();
    }
  });
});
