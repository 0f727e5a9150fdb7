import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { downloadRelease, parseChecksums } from './download.ts';
import { startDeafServer } from './testing/deafServer.ts';
import { temporaryFolder } from './testing/folders.ts';
import { type Answer, packTools, sha256, startMirror } from './testing/mirror.ts';
import type { Release } from './toolsets.ts';

const RELEASE: Release = {
  repository: 'owner/gadget',
  tag: 'v1.2.3',
  checksumFile: 'sums.txt',
  archive: ({ os, arch }) => `gadget-${os}-${arch}.tar.gz`,
};
const FOLDER = '/owner/gadget/releases/download/v1.2.3';
const ARCHIVE = 'gadget-linux-amd64.tar.gz';
const LIMITS = { connectMs: 500, idleMs: 200, slowAfterMs: 150, minBytesPerSecond: 1_000_000 };

describe('a release', () => {
  it('is downloaded, checked against its own checksum file and unpacked', async (t) => {
    const data = packTools(temporaryFolder(t), ['gadget', 'gizmo'], '1.2.3');
    const sums = `${'0'.repeat(64)}  other.tar.gz\n${sha256(data).toUpperCase()} *${ARCHIVE}\n`;
    const { files, progress, requests } = await download(t, { 'sums.txt': sums, [ARCHIVE]: data });
    assert.deepEqual([...files.keys()].sort(), ['gadget', 'gizmo']);
    assert.match(readFileSync(files.get('gadget')!, 'utf8'), /version 1\.2\.3/);
    assert.deepEqual(requests, [`${FOLDER}/sums.txt`, `${FOLDER}/${ARCHIVE}`]);
    assert.ok(progress.length > 0);
  });

  it('whose checksum the repository knows needs no checksum file', async (t) => {
    const data = packTools(temporaryFolder(t), ['gadget'], '1.2.3');
    const known = new Map([[ARCHIVE, sha256(data)]]);
    const { requests } = await download(t, { [ARCHIVE]: data }, known);
    assert.deepEqual(requests, [`${FOLDER}/${ARCHIVE}`]);
  });

  it('is followed through redirects', async (t) => {
    const data = packTools(temporaryFolder(t), ['gadget'], '1.2.3');
    const known = new Map([[ARCHIVE, sha256(data)]]);
    const redirect: Answer = (response) => response.writeHead(302, { location: '/elsewhere' }).end();
    const { files } = await download(t, { [ARCHIVE]: redirect, '/elsewhere': data }, known);
    assert.deepEqual([...files.keys()], ['gadget']);
  });

  it('with another checksum is refused, though its own checksum file agrees', async (t) => {
    const data = packTools(temporaryFolder(t), ['gadget'], '6.6.6');
    const known = new Map([[ARCHIVE, 'a'.repeat(64)]]);
    const sums = `${sha256(data)}  ${ARCHIVE}\n`;
    await refused(
      t,
      { 'sums.txt': sums, [ARCHIVE]: data },
      /refused .*SHA-256 is [0-9a-f]{64}, expected a{64}/,
      known,
    );
  });

  it('that its checksum file does not name is refused', async (t) => {
    await refused(t, { 'sums.txt': 'nothing', [ARCHIVE]: 'data' }, /sums\.txt does not name gadget-linux/);
  });

  it('that is cut off is refused, with and without a length', async (t) => {
    const data = packTools(temporaryFolder(t), ['gadget'], '1.2.3');
    const known = new Map([[ARCHIVE, sha256(data)]]);
    const half = data.subarray(0, data.length / 2);
    const broken: Answer = (response) => {
      response.writeHead(200, { 'content-length': data.length });
      response.write(half, () => response.destroy());
    };
    await refused(t, { [ARCHIVE]: broken }, /gadget-linux-amd64\.tar\.gz: /, known);
    await refused(t, { [ARCHIVE]: half }, /refused/, known);
  });

  it('that does not exist is a reason with its address', async (t) => {
    await refused(t, {}, /127\.0\.0\.1:\d+\/owner\/gadget\/.*sums\.txt: HTTP status 404/);
  });

  it('with an endless checksum file is refused', async (t) => {
    const endless: Answer = (response) => {
      const more = () => response.write(Buffer.alloc(65536, '#')) && setImmediate(more);
      response.on('drain', more);
      more();
    };
    await refused(t, { 'sums.txt': endless }, /too large for a checksum file/);
  });

  it('is given up when the server falls silent, trickles, or is not there', async (t) => {
    const silent: Answer = (response) => void response.write('x');
    await refused(t, { 'sums.txt': silent }, /sums\.txt: .*timeout/i);
    const trickle: Answer = (response) => {
      const timer = setInterval(() => response.write('x'), 10);
      response.on('close', () => clearInterval(timer));
    };
    await refused(t, { 'sums.txt': trickle }, /too slow, 0 KB a second/);
    const nobody = `http://127.0.0.1:${await unusedPort()}`;
    await assert.rejects(downloadRelease(RELEASE, await options(t, nobody)), /ECONNREFUSED/);
  });

  it('is given up when the server does not even take the connection', async (t) => {
    const mirror = await startDeafServer(t);
    await assert.rejects(downloadRelease(RELEASE, await options(t, mirror)), /sums\.txt: .*connect timeout/i);
  });

  it('that is no archive is a reason, not a crash', async (t) => {
    const known = new Map([[ARCHIVE, sha256('not an archive')]]);
    await refused(t, { [ARCHIVE]: 'not an archive' }, /cannot unpack .*gadget-linux-amd64/, known);
  });

  it('stops at once when it is told to', async (t) => {
    const stop = new AbortController();
    const silent: Answer = () => stop.abort(new Error('enough'));
    const mirror = await startMirror(t, { [`${FOLDER}/sums.txt`]: silent });
    const stopped = { ...(await options(t, mirror.url)), signal: stop.signal };
    await assert.rejects(downloadRelease(RELEASE, stopped), /enough/);
  });
});

describe('a checksum file', () => {
  it('gives back what was written, among lines that are none', () => {
    const sum = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
    const name = fc.stringMatching(/^[\w.-]{1,40}$/);
    fc.assert(
      fc.property(fc.dictionary(name, sum), (sums) => {
        const lines = Object.entries(sums).flatMap(([file, value]) => [`# ${file}`, `${value}  ${file}`, '']);
        assert.deepEqual(Object.fromEntries(parseChecksums(lines.join('\n'))), { ...sums });
      }),
    );
  });
});

type Answers = Record<string, Answer | string | Buffer>;

async function download(t: TestContext, answers: Answers, knownChecksums = new Map<string, string>()) {
  const entries = Object.entries(answers).map(([name, answer]) => [
    name.startsWith('/') ? name : `${FOLDER}/${name}`,
    answer,
  ]);
  const mirror = await startMirror(t, Object.fromEntries(entries) as Answers);
  const progress: unknown[] = [];
  const files = await downloadRelease(RELEASE, {
    ...(await options(t, `${mirror.url}/`)),
    knownChecksums,
    step: { update: (state) => progress.push(state) },
  });
  return { files, progress, requests: mirror.requests };
}

async function refused(t: TestContext, answers: Answers, why: RegExp, known?: Map<string, string>) {
  await assert.rejects(download(t, answers, known), (error) => {
    assert.match(String(error), why);
    return true;
  });
}

async function options(t: TestContext, mirror: string) {
  return {
    mirror,
    knownChecksums: new Map<string, string>(),
    platform: { os: 'linux', arch: 'amd64' },
    folder: temporaryFolder(t),
    step: { update() {} },
    signal: new AbortController().signal,
    limits: LIMITS,
  };
}

/** One that was free a moment ago. */
async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
