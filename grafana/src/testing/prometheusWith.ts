import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  prometheusArguments,
  prometheusEnvironment,
  writePrometheusFolder,
} from '../../../prometheus/command.ts';
import { freePorts, Program } from '../../../prometheus/testing/program.ts';
import { ensureTools } from '../../../scripts/lib/tools/ensure.ts';
import type { Sample } from './render.ts';

export interface LoadedPrometheus {
  /** The vector that an expression gives at a moment; a refused expression throws what Prometheus says. */
  query(expression: string, atSeconds: number): Promise<Sample[]>;
  /** How many points the series of an expression have, over the minute before a moment. */
  countPoints(expression: string, untilSeconds: number): Promise<number>;
  stop(): Promise<void>;
}

/** promtool reads the whole past once for each block: in blocks of 2 h that was two thirds of a test's time. */
const MAX_BLOCK = '24h';

/** The playground's Prometheus, with its configuration and flags, holding a past that is loaded as blocks. */
export async function prometheusWith(openMetrics: string): Promise<LoadedPrometheus> {
  const { prometheus, promtool } = await ensureTools(['prometheus', 'promtool'], {
    say: (line) => void process.stderr.write(`${line}\n`),
    signal: new AbortController().signal,
  });
  const folder = await mkdtemp(path.join(tmpdir(), 'boards-'));
  const dataDir = path.join(folder, 'data');
  const history = path.join(folder, 'history.txt');
  await writeFile(history, openMetrics);
  const toBlocks = ['tsdb', 'create-blocks-from', 'openmetrics', '-q', `--max-block-duration=${MAX_BLOCK}`];
  await promisify(execFile)(promtool, [...toBlocks, history, dataDir]);
  const configFile = await writePrometheusFolder(folder, { targets: [] });
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const program = new Program({
    program: prometheus,
    args: prometheusArguments({ configFile, dataDir, listenAddress: `127.0.0.1:${port}` }),
    env: prometheusEnvironment(),
    healthUrl: `${url}/-/ready`,
  });
  await program.start();
  return {
    async query(query, atSeconds) {
      const { result } = await ask(`${url}/api/v1/query`, { query, time: String(atSeconds) });
      return result.map(({ metric, value }) => ({ labels: metric, value: toNumber(value![1]) }));
    },
    async countPoints(query, untilSeconds) {
      const range = { start: String(untilSeconds - 60), end: String(untilSeconds), step: '5' };
      const { result } = await ask(`${url}/api/v1/query_range`, { query, ...range });
      return result.reduce((count, { values }) => count + values!.length, 0);
    },
    async stop() {
      await program.kill();
      await rm(folder, { recursive: true });
    },
  };
}

interface Answer {
  result: { metric: Record<string, string>; value?: [number, string]; values?: [number, string][] }[];
}

async function ask(url: string, parameters: Record<string, string>): Promise<Answer> {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(parameters) });
  const { data, error } = (await answer.json()) as { data?: Answer; error?: string };
  if (!data) throw new Error(error);
  return data;
}

function toNumber(text: string): number {
  return text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text);
}
