import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** What ASEs and traffic share: the token of the admin API, and one for each pair `sender>receiver` of ASEs. */
export interface Secrets {
  adminToken: string;
  peerTokens: Record<string, string>;
}

/** Makes the file of secrets, or adds what it lacks; a secret that is there stays for good. */
export function ensureSecretsFile(file: string, aseNames: readonly string[]): void {
  const before = readIfThere(file);
  const known = before === undefined ? undefined : (JSON.parse(before) as Partial<Secrets>);
  const pairs = aseNames.flatMap((from) => aseNames.filter((to) => to !== from).map((to) => `${from}>${to}`));
  const secrets: Secrets = {
    adminToken: known?.adminToken ?? newSecret(),
    peerTokens: {
      ...Object.fromEntries(pairs.map((pair) => [pair, known?.peerTokens?.[pair] ?? newSecret()])),
    },
  };
  replace(file, `${JSON.stringify({ ...known, ...secrets }, null, 2)}\n`, before);
}

/** Makes a file that holds one password and nothing else, unless there is one. */
export function ensurePasswordFile(file: string): void {
  const before = readIfThere(file);
  replace(file, before || newSecret(), before);
}

function newSecret(): string {
  return randomBytes(24).toString('base64url');
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** In one step, so that nobody reads half a file; for its owner alone, whatever it was before. */
function replace(file: string, content: string, before: string | undefined): void {
  if (content !== before) {
    writeFileSync(`${file}.new`, content, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  chmodSync(file, 0o600);
}
