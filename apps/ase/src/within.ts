/** Waits for `work`, but not longer than `boundMs`; what it rejects with is its own matter. */
export async function within(boundMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise((resolve) => {
    timer = setTimeout(resolve, boundMs);
  });
  await Promise.race([work.catch(() => {}), bound]);
  clearTimeout(timer);
}
