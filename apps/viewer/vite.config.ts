import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
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
];

const lineMeasure = fileURLToPath(new URL('./client/panels/lineMeasure.ts', import.meta.url));

/** Everybody but our own module, which hands on to it, gets that one instead of `uwrap`. */
function measureLinesLate(): Plugin {
  return {
    name: 'measure-lines-late',
    enforce: 'pre',
    resolveId: (source, importer) => (source === 'uwrap' && importer !== lineMeasure ? lineMeasure : null),
  };
}

export default defineConfig({
  plugins: [preloadChunks(), measureLinesLate()],
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
    chunkSizeWarningLimit: 4000,
    reportCompressedSize: false,
  },
});
