import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, it } from 'node:test';
import { promisify } from 'node:util';

/**
 * The generated boards against the types that Grafana publishes of what it reads (`@grafana/schema`): each board
 * becomes a program that assigns it, with each panel's options, to those types, and the compiler is the judge.
 */

const ROOT = path.join(import.meta.dirname, '../..');
const BOARDS = path.join(ROOT, 'grafana/dashboards');
/** Inside the viewer's packages, where the types are found. */
const PACKAGES = path.join(ROOT, 'apps/viewer/node_modules');
const TYPES: Record<string, string> = {
  heatmap: 'heatmap/panelcfg/x/HeatmapPanelCfg_types.gen',
  stat: 'stat/panelcfg/x/StatPanelCfg_types.gen',
  table: 'table/panelcfg/x/TablePanelCfg_types.gen',
  text: 'text/panelcfg/x/TextPanelCfg_types.gen',
  timeseries: 'timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen',
};
const PROLOGUE = [
  `import type { Dashboard, RowPanel } from '@grafana/schema';`,
  ...Object.entries(TYPES).map(
    ([type, file]) => `import type * as ${type} from '@grafana/schema/dist/esm/raw/composable/${file}';`,
  ),
  '/** As it stands in JSON: the value of an enum, not its name. */',
  `type Json<T> = T extends string ? \`\${T}\` : T extends number | boolean | bigint | null | undefined ? T`,
  '  : T extends (infer U)[] ? Json<U>[] : T extends object ? { [K in keyof T]: Json<T[K]> } : unknown;',
  '',
].join('\n');
/** Each line after such a comment has to be refused, or the compiler complains. */
const MISTAKES = [
  `{ const board: Json<Dashboard> = { schemaVersion: 42, refreshh: '5s' }; }`,
  `{ const board: Json<Dashboard> = { schemaVersion: 42, graphTooltip: 'Crosshair' }; }`,
  `{ const options: Partial<Json<stat.Options>> = { textMode: 'values' }; }`,
  `{ const custom: Partial<Json<timeseries.FieldConfig>> = { lineWidht: 1 }; }`,
].map((line) => `// @ts-expect-error A mistake that must be found.\n${line}`);

interface PanelJson {
  type: string;
  title: string;
  options?: unknown;
  fieldConfig?: { defaults?: { custom?: unknown } };
  panels?: PanelJson[];
}

const folder = mkdtempSync(path.join(PACKAGES, '.boards-'));
after(() => rmSync(folder, { recursive: true, force: true }));

it('boards are what the types of Grafana’s schema say', { skip: !existsSync(PACKAGES) }, async () => {
  const files = readdirSync(BOARDS).filter((file) => file.endsWith('.json'));
  assert.ok(files.length > 0);
  for (const file of files) {
    const board = JSON.parse(readFileSync(path.join(BOARDS, file), 'utf8')) as BoardJson;
    writeFileSync(path.join(folder, `${path.basename(file, '.json')}.ts`), programOf(board));
  }
  writeFileSync(
    path.join(folder, 'mistakes.ts'),
    [PROLOGUE, ...MISTAKES, 'export type _ = RowPanel;'].join('\n'),
  );
  const compilerOptions = {
    target: 'ES2024',
    module: 'ESNext',
    moduleResolution: 'bundler',
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: [],
  };
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  const tsc = path.join(ROOT, 'node_modules/typescript/bin/tsc');
  const outcome = await promisify(execFile)(process.execPath, [tsc, '--project', folder], {
    cwd: folder,
  }).catch(({ stdout, message }: { stdout?: string; message: string }) => ({ stdout: stdout || message }));
  assert.equal(outcome.stdout, '');
});

interface BoardJson {
  panels: PanelJson[];
  annotations?: { list: Record<string, unknown>[] };
}

/** Fields that the Prometheus data source adds to an annotation; the schema leaves those to each data source. */
const OF_DATA_SOURCE = new Set(['expr', 'step', 'titleFormat', 'textFormat', 'tagKeys', 'useValueForTime']);

function programOf({ annotations = { list: [] }, ...rest }: BoardJson): string {
  const list = annotations.list.map((annotation) =>
    Object.fromEntries(Object.entries(annotation).filter(([key]) => !OF_DATA_SOURCE.has(key))),
  );
  const board = { ...rest, annotations: { list } };
  const panels = board.panels.flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]));
  const statements = panels.flatMap(({ type, title, options, fieldConfig }, i) => {
    assert.ok(type in TYPES, `${title}: no types are known here for panels of type ${type}`);
    const custom = fieldConfig?.defaults?.custom;
    return [
      `const options${i}: Partial<Json<${type}.Options>> = ${JSON.stringify(options ?? {}, undefined, 2)};`,
      ...(custom && type !== 'stat'
        ? [`const custom${i}: Partial<Json<${type}.FieldConfig>> = ${JSON.stringify(custom, undefined, 2)};`]
        : []),
    ];
  });
  return [
    PROLOGUE,
    `const board: Json<Dashboard> = ${JSON.stringify(board, undefined, 2)};`,
    ...statements,
    'export type _ = RowPanel;',
  ].join('\n');
}
