import { readFileSync } from 'node:fs';

export interface Settings {
  host: string;
  port: number;
  /** The file of all chains. */
  file: string;
  /** Who may inject faults. */
  adminToken: string;
}

/** Settings from the environment. Throws one Error that names every problem, one a line. */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const problems: string[] = [];
  const port = Number(env.CHAIN_PORT || 14600);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    problems.push('CHAIN_PORT: must be a port between 0 and 65535');
  }
  if (!env.CHAIN_FILE) problems.push('CHAIN_FILE: is needed: where the chains are kept');
  const adminToken = readToken(env.CHAIN_SECRETS_FILE, problems);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return { host: env.CHAIN_HOST || '127.0.0.1', port, file: env.CHAIN_FILE!, adminToken };
}

function readToken(file: string | undefined, problems: string[]): string {
  try {
    if (!file) throw new Error('is needed');
    const { adminToken } = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof adminToken === 'string' && adminToken.length >= 16) return adminToken;
    problems.push('CHAIN_SECRETS_FILE: has no adminToken of 16 characters or more');
  } catch (error) {
    problems.push(`CHAIN_SECRETS_FILE: ${error instanceof Error ? error.message : error}`);
  }
  return '';
}
