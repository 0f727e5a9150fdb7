import { type GrafanaTheme2, getThemeById, ThemeContext } from '@grafana/data';
import { config } from '@grafana/runtime';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { initialThemeMode, onSystemThemeMode, rememberThemeMode, type ThemeMode } from './themeMode.ts';

interface ThemeSwitch {
  mode: ThemeMode;
  toggle: () => void;
}

const SwitchContext = createContext<ThemeSwitch>({ mode: 'dark', toggle: () => {} });

/** The mode in force and how to change it. */
export const useThemeSwitch = (): ThemeSwitch => useContext(SwitchContext);

/** Gives Grafana's components their theme; also the singletons that read it from `config`. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const [mode, setMode] = useState<ThemeMode>(initialThemeMode);
  const theme = useMemo(() => applyTheme(mode), [mode]);
  useEffect(() => onSystemThemeMode(setMode), []);
  const themeSwitch = useMemo(
    () => ({
      mode,
      toggle: () => {
        const next = mode === 'dark' ? 'light' : 'dark';
        rememberThemeMode(next);
        dropThemeFromUrl();
        setMode(next);
      },
    }),
    [mode],
  );
  return (
    <SwitchContext.Provider value={themeSwitch}>
      <ThemeContext.Provider value={theme}>{children}</ThemeContext.Provider>
    </SwitchContext.Provider>
  );
}

function applyTheme(mode: ThemeMode): GrafanaTheme2 {
  const theme = getThemeById(mode);
  Object.assign(config, { theme2: theme, theme: theme.v1 });
  config.bootData.user.theme = mode;
  document.body.className = `theme-${mode}`;
  document.documentElement.style.colorScheme = mode;
  document.documentElement.style.background = theme.colors.background.canvas;
  document.body.style.background = theme.colors.background.canvas;
  return theme;
}

/** A choice made with the switch is newer than the `?theme=` that the page was opened with. */
function dropThemeFromUrl(): void {
  const url = new URL(location.href);
  if (!url.searchParams.has('theme')) return;
  url.searchParams.delete('theme');
  history.replaceState(history.state, '', url);
}
