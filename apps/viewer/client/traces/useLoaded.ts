import { useCallback, useEffect, useRef, useState } from 'react';

interface Loaded<T> {
  value: T | undefined;
  /** Why the newest attempt failed; the value before it stays. */
  error: Error | undefined;
  reload: () => void;
}

/**
 * What `load` gives, anew when `key` changes, and every `everyMs` while the page is looked at. An answer that comes
 * after a newer question is dropped.
 */
export function useLoaded<T>(load: () => Promise<T>, key: string, everyMs?: number): Loaded<T> {
  const [state, setState] = useState<{ value: T | undefined; error: Error | undefined }>({
    value: undefined,
    error: undefined,
  });
  const asked = useRef(0);
  const latest = useRef(load);
  latest.current = load;

  const reload = useCallback(() => {
    asked.current += 1;
    const mine = asked.current;
    latest.current().then(
      (value) => mine === asked.current && setState({ value, error: undefined }),
      (error: Error) => mine === asked.current && setState((before) => ({ ...before, error })),
    );
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new key is the reason to ask
  useEffect(() => {
    reload();
    if (everyMs === undefined) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [key, everyMs, reload]);

  return { ...state, reload };
}
