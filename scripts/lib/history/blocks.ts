import { VerbError } from '../errors.ts';
import { run } from '../tools/run.ts';

const WITHIN_MS = 300_000;
/** Larger blocks, fewer passes of promtool over the text. */
const MAX_BLOCK = '720h';

/**
 * Makes Prometheus' blocks in `folder` from a text in the OpenMetrics format.
 * @throws VerbError with promtool's last words when it fails or takes five minutes
 */
export async function makeBlocks(
  promtool: string,
  text: string,
  folder: string,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const words = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', `--max-block-duration=${MAX_BLOCK}`];
  const { ok, outcome, lines } = await run(promtool, [...words, text, folder], {
    signal,
    timeoutMs: WITHIN_MS,
  });
  if (!ok) throw new VerbError(`promtool could not make the blocks: ${outcome}`, lines.slice(-5));
}
