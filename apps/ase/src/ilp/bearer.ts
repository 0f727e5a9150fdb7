import { hash, timingSafeEqual } from 'node:crypto';

/** Finds whose token an Authorization header shows, in a time that tells nothing about the tokens. */
export function createBearerCheck<T>(
  holders: ReadonlyArray<{ token: string; holder: T }>,
): (header?: string) => T | undefined {
  const known = holders.map(({ token, holder }) => ({ digest: digest(token), holder }));
  return (header) => {
    const shown = digest(/^Bearer (\S{1,512})$/i.exec(header ?? '')?.[1] ?? '');
    let found: T | undefined;
    // No early end: the time must not say which one it was.
    for (const { digest: expected, holder } of known) {
      if (timingSafeEqual(expected, shown)) found = holder;
    }
    return found;
  };
}

// Digests have one length, so the comparison does not tell how long a token is.
const digest = (text: string): Buffer => hash('sha256', text, 'buffer');
