export interface Settings {
  name: string;
  host: string;
  port: number;
  /** Where the state is told; 0: nowhere. */
  healthPort: number;
  replicas: ReplicaAddress[];
  maxConnections: number;
}

export interface ReplicaAddress {
  name: string;
  host: string;
  port: number;
  /** Where it answers 200 while it works. */
  healthPort: number;
}

const MAX_REPLICAS = 16;
const HOST = /^[\w.:-]+$/;

/**
 * Settings from the environment. Throws one Error whose message names all that is wrong, one a line. Checked by hand:
 * zod alone would be a third of this process's memory.
 */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const problems: string[] = [];
  const number = (name: string, min: number, max: number, otherwise?: number): number => {
    const text = env[name] || (otherwise === undefined ? '' : String(otherwise));
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) {
      problems.push(`${name} must be a whole number from ${min} to ${max}`);
    }
    return value;
  };
  const host = env.BALANCER_HOST || '127.0.0.1';
  if (!HOST.test(host)) problems.push('BALANCER_HOST must be an address');
  const settings = {
    name: env.BALANCER_NAME || 'balancer',
    host,
    port: number('BALANCER_PORT', 1, 65535),
    healthPort: number('BALANCER_HEALTH_PORT', 0, 65535, 0),
    maxConnections: number('BALANCER_MAX_CONNECTIONS', 1, 9999, 64),
    replicas: readReplicas(env.BALANCER_REPLICAS, problems),
  };
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return settings;
}

/** `NAME=HOST:PORT/HEALTH_PORT`, with commas between. */
function readReplicas(text: string | undefined, problems: string[]): ReplicaAddress[] {
  const words = text ? text.split(',') : [];
  if (words.length < 2 || words.length > MAX_REPLICAS) {
    problems.push(`BALANCER_REPLICAS must name 2 to ${MAX_REPLICAS} replicas`);
  }
  return words.slice(0, MAX_REPLICAS).flatMap((word) => {
    const [, name, host, port, healthPort] = /^([\w-]+)=(.+):(\d{1,5})\/(\d{1,5})$/.exec(word) ?? [];
    const replica = {
      name: name ?? '',
      host: host ?? '',
      port: Number(port),
      healthPort: Number(healthPort),
    };
    const isRight = HOST.test(replica.host) && isPort(replica.port) && isPort(replica.healthPort);
    if (!isRight) problems.push(`BALANCER_REPLICAS: ${word} is not NAME=HOST:PORT/HEALTH_PORT`);
    return isRight ? [replica] : [];
  });
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65535;
}
