import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { compileEarly } from './build/compileEarly.ts';
import { preloadChunks } from './build/preloadChunks.ts';

const absent = fileURLToPath(new URL('./client/absent.ts', import.meta.url));

/** Loaded lazily by Grafana's components, and never by a read-only viewer. See client/absent.ts. */
const NEVER_USED = [
  /^monaco-editor(\/.*)?$/,
  /^@monaco-editor\/react$/,
  /^@grafana\/faro-web-sdk$/,
  /^ol\/.*$/,
  /^.*\/ReactMonacoEditor\.mjs$/,
  /^.*\/OpenLayersProvider\.mjs$/,
  /^.*\/CodeMirror\/CodeEditorLazy\.mjs$/,
  // Pictures of empty states, 150 kB, which this viewer shows without.
  /^.*\/grot-[a-z-]+\.svg\.mjs$/,
];

const own = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Modules of others, and those of ours that stand in for them and may hand on to them. Each says why. */
const STAND_INS = new Map([
  ['uwrap', own('./client/panels/lineMeasure.ts')],
  ['react-inlinesvg', own('./client/grafana/InlineSvg.tsx')],
  ['@grafana/i18n', own('./client/grafana/translate.ts')],
  ['react-dom/server', own('./client/grafana/plainText.ts')],
  ['./themes/registry.mjs', own('./client/grafana/themes.ts')],
]);

/** Everybody but our own module gets that one instead of the original. */
function standIns(): Plugin {
  return {
    name: 'stand-ins',
    enforce: 'pre',
    resolveId(source, importer) {
      const standIn = STAND_INS.get(source);
      return standIn && importer !== standIn ? standIn : null;
    },
  };
}

export default defineConfig({
  plugins: [preloadChunks(), standIns(), compileEarly()],
  resolve: {
    alias: [
      ...NEVER_USED.map((find) => ({ find, replacement: absent })),
      // Ten years of time zone rules instead of two centuries: 900 kB less.
      {
        find: /^moment-timezone$/,
        replacement: 'moment-timezone/builds/moment-timezone-with-data-10-year-range.js',
      },
    ],
  },
  build: {
    target: 'es2022',
    assetsDir: 'assets',
    // One style sheet that the page names itself: a panel would wait for its own before it is drawn.
    cssCodeSplit: false,
    chunkSizeWarningLimit: 4000,
    reportCompressedSize: false,
  },
});
