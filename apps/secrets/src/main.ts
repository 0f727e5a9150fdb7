/** Runs once before everything else in `docker compose up`: makes the secrets of a first start, keeps those there are. */
import { ensurePasswordFile, ensureSecretsFile } from './secrets.ts';

const { SECRETS_FILE, SECRETS_ASES, PASSWORD_FILE } = process.env;
if (!PASSWORD_FILE && !(SECRETS_FILE && SECRETS_ASES)) {
  console.error('Set PASSWORD_FILE, or SECRETS_FILE together with SECRETS_ASES (names, separated by commas)');
  process.exit(2);
}
try {
  if (SECRETS_FILE && SECRETS_ASES) ensureSecretsFile(SECRETS_FILE, SECRETS_ASES.split(','));
  if (PASSWORD_FILE) ensurePasswordFile(PASSWORD_FILE);
} catch (error) {
  // Never the content: it goes to a log.
  const why =
    error instanceof SyntaxError ? 'is no JSON' : ((error as NodeJS.ErrnoException).code ?? 'fails');
  console.error(
    `${SECRETS_FILE ?? PASSWORD_FILE}: ${why}; “docker compose down --volumes” makes everything new`,
  );
  process.exit(1);
}
