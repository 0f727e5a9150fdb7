import path from 'node:path';
import { type Env, readEnv } from './env.ts';

export const ROOT = path.resolve(import.meta.dirname, '../..');

export interface Settings extends Omit<Env, 'versions'> {
  /** The state folder, absolute. */
  home: string;
}

/** Nothing but loopback, unless `up --host` says otherwise for the dashboards. */
export const LOOPBACK = '127.0.0.1';

/** The settings of this machine, now; every mistake in them is told at once. */
export function loadSettings(): Settings {
  const { versions: _versions, ...settings } = readEnv();
  return { ...settings, home: path.resolve(ROOT, process.env.PLAYGROUND_HOME || '.playground') };
}
