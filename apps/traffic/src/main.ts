import { randomInt } from 'node:crypto';
import { createLog } from '../../../telemetry/logLine.ts';
import { createHttpJson } from './httpJson.ts';
import { readSettings, type Settings } from './settings.ts';
import { runTraffic } from './traffic.ts';

const settings = settingsOrExit();
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

const http = createHttpJson();
const log = createLog('traffic');
log('info', `a payment about every ${settings.intervalMs} ms`);
await runTraffic({ ...settings, http, signal: stop.signal, seed: randomInt(2 ** 32), log });
http.close();

function settingsOrExit(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
}
