import { type Env, readEnv } from './env.ts';
import { portOwner } from './portOwner.ts';
import { LOOPBACK } from './settings.ts';

/** Away from a playground at 0 or 50, and an even number of steps apart from another temporary one. */
function randomOffset(): number {
  return 1001 + 2 * Math.floor(Math.random() * 2000);
}

const ATTEMPTS = 50;

/** Settings with an offset at which no port is taken now. */
export async function freePorts(): Promise<Omit<Env, 'versions'>> {
  for (let attempt = 1; ; attempt++) {
    const { versions: _versions, ...settings } = readEnv({
      ...process.env,
      PLAYGROUND_PORT_OFFSET: String(randomOffset()),
    });
    const owners = await Promise.all(Object.values(settings.ports).map((port) => portOwner(LOOPBACK, port)));
    if (owners.every((owner) => owner === undefined)) return settings;
    if (attempt === ATTEMPTS) throw new Error(`no free ports after ${ATTEMPTS} attempts`);
  }
}
