import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Grafana's font files by the names that its style sheet asks for. */
const FONTS: Array<[from: string, to: string]> = [
  ...['Regular', 'Medium', 'Italic', 'MediumItalic'].map((face): [string, string] => [
    `inter-ui/web/Inter-${face}.woff2`,
    `fonts/inter/Inter-${face}.woff2`,
  ]),
  [
    '@fontsource/roboto-mono/files/roboto-mono-latin-400-normal.woff2',
    'fonts/roboto/L0xTDF4xlVMF-BfR8bXMIhJHg45mwgGEFl0_3vrtSM1J-gEPT5Ese6hmHSh0mQ.woff2',
  ],
];

/** Copies what @grafana/ui fetches below its public path. */
export async function copyGrafanaFiles(nodeModules: string, publicFolder: string): Promise<void> {
  const icons = join(publicFolder, 'build/img/icons');
  await cp(join(nodeModules, '@grafana/ui/dist/public/img/icons'), icons, { recursive: true });
  await mirrorIcon(join(icons, 'unicons'), 'angle-double-right', 'angle-double-left');
  for (const [from, to] of FONTS) {
    await mkdir(join(publicFolder, to, '..'), { recursive: true });
    await cp(join(nodeModules, from), join(publicFolder, to));
  }
}

/** The time picker asks for an icon that @grafana/ui 13.2.2 does not ship: the mirror image of another. */
async function mirrorIcon(folder: string, from: string, to: string): Promise<void> {
  const svg = await readFile(join(folder, `${from}.svg`), 'utf8');
  const mirrored = svg.replace(/<path /g, '<path transform="matrix(-1 0 0 1 24 0)" ');
  await writeFile(join(folder, `${to}.svg`), mirrored);
}
