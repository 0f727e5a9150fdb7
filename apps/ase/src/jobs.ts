/** Runs `work` again and again, `everyMs` after it last ended, until stopped. A failure is told and changes nothing. */
export function startJob(
  everyMs: number,
  work: () => Promise<unknown>,
  onError: (error: unknown) => void,
): { stop(): void } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const run = () => {
    work()
      .catch(onError)
      .finally(() => {
        if (!stopped) plan();
      });
  };
  const plan = () => {
    timer = setTimeout(run, everyMs);
    timer.unref();
  };
  run();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
