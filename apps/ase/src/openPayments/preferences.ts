/** Below the time that clients and proxies commonly give an answer. */
const MAX_WAIT_SECONDS = 10;
const WAIT = /(?:^|,)\s*wait\s*=\s*(\d{1,9})\s*(?:,|;|$)/i;

/**
 * How long the answer may wait, in seconds, by a `Prefer: wait=…` header (RFC 7240): 0 without such a wish, and at most
 * ten. What is malformed is no wish: preferences are optional, so nothing about them is an error.
 */
export function wishedWaitSeconds(prefer: string | undefined): number {
  const seconds = prefer === undefined ? undefined : WAIT.exec(prefer)?.[1];
  return Math.min(Number(seconds ?? 0), MAX_WAIT_SECONDS);
}
