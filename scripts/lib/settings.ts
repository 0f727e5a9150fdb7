import path from 'node:path';
import { type Ports, readEnv } from './env.ts';

export type { PortName, Ports } from './env.ts';

export const ROOT = path.resolve(import.meta.dirname, '../..');

export interface Settings {
  /** The state folder, absolute. */
  home: string;
  /** Where everything listens, after the offset. */
  ports: Ports;
  portOffset: number;
}

/** Nothing but loopback, unless `up --host` says otherwise for the dashboards. */
export const LOOPBACK = '127.0.0.1';

/** The settings of this machine, now. */
export function loadSettings(): Settings {
  return readSettings(process.env);
}

/** Settings from `.env` and the environment; whatever is wrong with them is told at once. */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  const { ports, portOffset } = readEnv(environment);
  return { home: path.resolve(ROOT, environment.PLAYGROUND_HOME || '.playground'), ports, portOffset };
}
