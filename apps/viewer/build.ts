/**
 * Builds the viewer's bundle into the folder named on the command line: Vite's bundle, the icons and fonts that
 * Grafana's components fetch by name, and compressed copies of everything that compresses well.
 * `scripts/lib/viewer.ts` runs it; `npm run build` does too.
 */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { compressFiles } from './build/compressFiles.ts';
import { copyGrafanaFiles } from './build/copyGrafanaFiles.ts';
import packageJson from './package.json' with { type: 'json' };

const [outDir = 'dist', sourceHash = 'unknown'] = process.argv.slice(2);
const folder = resolve(outDir);

await build({
  root: import.meta.dirname,
  configFile: join(import.meta.dirname, 'vite.config.ts'),
  logLevel: 'warn',
  build: { outDir: folder, emptyOutDir: true },
});
await copyGrafanaFiles(join(import.meta.dirname, 'node_modules'), join(folder, 'public'));
await compressFiles(folder);
// Last, as its presence says that the bundle is complete.
await writeFile(join(folder, 'build.json'), JSON.stringify({ version: packageJson.version, sourceHash }));
