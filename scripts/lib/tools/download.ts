import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EnvHttpProxyAgent, fetch } from 'undici';
import { messageOf } from '../errors.ts';
import type { Step } from './progress.ts';
import { run } from './run.ts';
import type { Platform, Release } from './toolsets.ts';

export interface DownloadOptions {
  /** What stands in for https://github.com: PLAYGROUND_DOWNLOAD_MIRROR. */
  mirror?: string | undefined;
  /** SHA-256 by archive name, as the repository records them. */
  knownChecksums: ReadonlyMap<string, string>;
  platform: Platform;
  /** An empty folder to work in. */
  folder: string;
  step: Step;
  signal: AbortSignal;
  limits?: DownloadLimits;
}

/** When to stop hoping. Building from source is always there as the other way. */
export interface DownloadLimits {
  connectMs: number;
  /** Longest pause in what arrives. */
  idleMs: number;
  /** After this long it has to have been at least this fast. */
  slowAfterMs: number;
  minBytesPerSecond: number;
}

const LIMITS: DownloadLimits = {
  connectMs: 3000,
  idleMs: 15_000,
  slowAfterMs: 20_000,
  minBytesPerSecond: 256 * 1024,
};
/** Checksum files are a few kilobytes. */
const MAX_CHECKSUM_FILE_BYTES = 1024 * 1024;

/**
 * Downloads the archive of a release, refuses it unless its SHA-256 is the expected one, and unpacks it.
 * @returns every unpacked file by its name
 * @throws Error with a reason that names the file or the server
 */
export async function downloadRelease(
  release: Release,
  options: DownloadOptions,
): Promise<Map<string, string>> {
  const { mirror, platform, folder, knownChecksums, signal, step, limits = LIMITS } = options;
  const base = `${(mirror || 'https://github.com').replace(/\/+$/, '')}/${release.repository}/releases/download/${release.tag}`;
  const archive = release.archive(platform);
  const client = { limits, signal, dispatcher: dispatcher(limits) };
  try {
    const expected =
      knownChecksums.get(archive) ??
      (await fetchChecksum(`${base}/${release.checksumFile}`, archive, client));
    const file = path.join(folder, archive);
    await fetchChecked(`${base}/${archive}`, expected, file, step, client);
    if (release.bareProgram) return new Map([[release.bareProgram, file]]);
    return await unpack(file, path.join(folder, 'unpacked'), signal);
  } finally {
    await client.dispatcher.destroy();
  }
}

/** As downloadRelease, for an archive whose address and checksum are known; returns the folder it is unpacked in. */
export async function downloadArchive(
  url: string,
  expectedSha256: string,
  { folder, step, signal, limits = LIMITS }: Pick<DownloadOptions, 'folder' | 'step' | 'signal' | 'limits'>,
): Promise<string> {
  const client = { limits, signal, dispatcher: dispatcher(limits) };
  try {
    const file = path.join(folder, 'archive.tar.gz');
    await fetchChecked(url, expectedSha256, file, step, client);
    const unpacked = path.join(folder, 'unpacked');
    await unpack(file, unpacked, signal);
    return unpacked;
  } finally {
    await client.dispatcher.destroy();
  }
}

/** Lines of `SHA-256  file name`, as sha256sum writes them; # begins a comment. */
export function parseChecksums(text: string): Map<string, string> {
  const matches = text.matchAll(/^([0-9a-f]{64}) [ *](\S+)\s*$/gim);
  return new Map([...matches].map(([, sum, name]) => [name!, sum!.toLowerCase()]));
}

interface Client {
  limits: DownloadLimits;
  signal: AbortSignal;
  dispatcher: EnvHttpProxyAgent;
}

function dispatcher({ connectMs, idleMs }: DownloadLimits): EnvHttpProxyAgent {
  return new EnvHttpProxyAgent({
    connect: { timeout: connectMs },
    headersTimeout: idleMs,
    bodyTimeout: idleMs,
  });
}

async function fetchChecksum(url: string, archive: string, client: Client): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const { chunk, receivedBytes } of fetchChunks(url, client)) {
    if (receivedBytes > MAX_CHECKSUM_FILE_BYTES) throw new Error(`${url} is too large for a checksum file`);
    chunks.push(chunk);
  }
  const checksum = parseChecksums(Buffer.concat(chunks).toString()).get(archive);
  if (checksum === undefined) throw new Error(`${url} does not name ${archive}`);
  return checksum;
}

async function fetchChecked(
  url: string,
  expectedSha256: string,
  file: string,
  step: Step,
  client: Client,
): Promise<void> {
  const actual = await fetchFile(url, file, step, client);
  if (actual !== expectedSha256) {
    throw new Error(`refused ${url}: its SHA-256 is ${actual}, expected ${expectedSha256}`);
  }
}

async function fetchFile(url: string, file: string, step: Step, client: Client): Promise<string> {
  const hash = createHash('sha256');
  async function* hashed() {
    for await (const { chunk, receivedBytes, totalBytes } of fetchChunks(url, client)) {
      hash.update(chunk);
      const total = totalBytes === undefined ? {} : { total: megabytes(totalBytes) };
      step.update({ done: megabytes(receivedBytes), ...total, unit: 'MB' });
      yield chunk;
    }
  }
  await pipeline(Readable.from(hashed()), createWriteStream(file));
  return hash.digest('hex');
}

async function* fetchChunks(url: string, { limits, signal, dispatcher }: Client) {
  const startedAt = Date.now();
  let receivedBytes = 0;
  try {
    const response = await fetch(url, { dispatcher, signal });
    if (!response.ok || !response.body) throw new Error(`HTTP status ${response.status}`);
    const length = response.headers.get('content-length');
    const totalBytes = length === null ? undefined : Number(length);
    for await (const chunk of response.body) {
      receivedBytes += chunk.length;
      const elapsedMs = Date.now() - startedAt;
      const bytesPerSecond = (receivedBytes / elapsedMs) * 1000;
      if (elapsedMs > limits.slowAfterMs && bytesPerSecond < limits.minBytesPerSecond) {
        throw new Error(`too slow, ${Math.round(bytesPerSecond / 1024)} KB a second`);
      }
      yield { chunk: Buffer.from(chunk), receivedBytes, totalBytes };
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`${url}: ${messageOf(error)}`);
  }
}

async function unpack(archive: string, folder: string, signal: AbortSignal): Promise<Map<string, string>> {
  await mkdir(folder);
  const { ok, outcome, lines } = await run('tar', ['-xzf', archive, '-C', folder], { signal });
  if (!ok) throw new Error(`cannot unpack ${archive}: tar: ${lines.at(-1) ?? outcome}`);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => [entry.name, path.join(entry.parentPath, entry.name)]),
  );
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
