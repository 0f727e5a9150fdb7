/**
 * Dark or light: `?theme=` decides (and is not remembered, so that a shared link changes nobody's taste), else
 * what the reader chose here before, else the system.
 */
export type ThemeMode = 'dark' | 'light';

const STORAGE_KEY = 'playground.theme';

export function initialThemeMode(): ThemeMode {
  return asMode(new URLSearchParams(location.search).get('theme')) ?? rememberedMode() ?? systemMode();
}

/** Remembers the reader's choice in this browser. */
export function rememberThemeMode(mode: ThemeMode): void {
  try {
    localStorage.setItem(STORAGE_KEY, mode);
  } catch {
    // Storage may be forbidden (private window, embedded frame): the choice then lasts for this page.
  }
}

/** Calls back when the system's theme changes and nothing stronger has decided; returns the unsubscriber. */
export function onSystemThemeMode(change: (mode: ThemeMode) => void): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)');
  const listener = () => change(initialThemeMode());
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

function rememberedMode(): ThemeMode | undefined {
  try {
    return asMode(localStorage.getItem(STORAGE_KEY));
  } catch {
    return undefined;
  }
}

function systemMode(): ThemeMode {
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

function asMode(value: string | null): ThemeMode | undefined {
  return value === 'dark' || value === 'light' ? value : undefined;
}
