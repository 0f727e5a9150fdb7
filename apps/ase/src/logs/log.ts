import { type DestinationStream, type Logger, pino } from 'pino';

/** The parts of an ASE that write log lines; each line names one. */
export type LogComponent =
  | 'ase'
  | 'connector'
  | 'http'
  | 'payments'
  | 'rates'
  | 'settlement'
  | 'telemetry'
  | 'usage';

/**
 * The log of one ASE: a JSON object on each line of stdout, in the shape that docs/logs.md describes. Every line is
 * of a component, so write with `.child({ component })`.
 */
export function createLog(
  { nodeId, level }: { nodeId: string; level: string },
  destination: DestinationStream = stdout(),
): Logger {
  return pino(
    {
      level,
      base: { nodeId },
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
    },
    destination,
  );
}

/** Writes at once: a line is out before whatever happens next, a crash included. */
export function stdout(): DestinationStream {
  return pino.destination({ dest: STDOUT, sync: true });
}
export const STDOUT = 1;

const MAX_MESSAGE_LENGTH = 1_000;
const MAX_STACK_LENGTH = 4_000;
const MAX_CAUSES = 3;

interface DescribedError {
  type: string;
  code?: string;
  message: string;
  stack?: string;
  cause?: DescribedError;
}

/**
 * What a line says about an error. Only what is named here: an error may also carry the request that failed, with
 * its headers and so with a token.
 */
function describeError(error: unknown, causes = MAX_CAUSES): DescribedError {
  if (!(error instanceof Error))
    return { type: typeof error, message: String(error).slice(0, MAX_MESSAGE_LENGTH) };
  const { name, message, stack, cause } = error;
  const { code } = error as NodeJS.ErrnoException;
  return {
    type: name,
    ...(typeof code === 'string' && { code }),
    message: message.slice(0, MAX_MESSAGE_LENGTH),
    ...(stack !== undefined && { stack: stack.slice(0, MAX_STACK_LENGTH) }),
    ...(cause !== undefined && causes > 0 && { cause: describeError(cause, causes - 1) }),
  };
}
