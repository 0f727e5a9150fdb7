import { type Ase, createAse } from './app.ts';
import { PortTakenError } from './httpServer.ts';
import { LedgerError } from './ledger/errors.ts';
import type { LogComponent } from './logs/log.ts';
import { openLog } from './logs/openLog.ts';
import { readSettings, type Settings, SettingsError } from './settings.ts';

/** Ends the process with one clear message on stderr. */
function fail(message: string, exitCode: number): never {
  console.error(message);
  process.exit(exitCode);
}

function settingsOrExit(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (error instanceof SettingsError) fail(error.message, 2);
    throw error;
  }
}

/** The STREAM library opens its 16-byte tags in a way that Node wants to be more explicit; nothing is wrong with them. */
const STREAM_CIPHER_WARNING = 'DEP0182';

const settings = settingsOrExit();
const { log: root, close: closeLog } = await openLog(settings);
const log = root.child({ component: 'ase' satisfies LogComponent });

// Node writes warnings to stderr as plain text; here they are log lines like all others.
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  const { code } = warning as NodeJS.ErrnoException;
  if (code !== STREAM_CIPHER_WARNING) log.warn({ code }, warning.message);
});

try {
  const ase = createAse(settings, root, (error) => fail(error.message, 1));
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // A second signal means: now.
      if (stopping) process.exit(1);
      stopping = true;
      log.info({ signal }, 'Stopping');
      stop(ase).then(
        () => process.exit(0),
        (error: unknown) => fail(`Stopping failed: ${error instanceof Error ? error.message : error}`, 1),
      );
    });
  }
  const { port } = await ase.start();
  log.info({ port, url: settings.publicUrl }, 'Listening');
} catch (error) {
  if (error instanceof PortTakenError || error instanceof LedgerError) fail(error.message, 1);
  throw error;
}

async function stop(ase: Ase): Promise<void> {
  await ase.stop();
  await closeLog();
}
