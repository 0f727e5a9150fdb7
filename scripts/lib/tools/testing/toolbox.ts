import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { ToolContext } from '../ensure.ts';
import type { Toolset } from '../toolsets.ts';
import { temporaryFolder, writeProgram } from './folders.ts';
import { recordedProgress } from './progress.ts';

/** Two programs of one made-up source. */
export const GADGETS: Toolset = {
  name: 'gadget',
  version: '1.2.3',
  programs: [
    { name: 'gadget', officialName: 'gadget-contrib', goPackage: 'example.org/gadget/cmd/gadget' },
    { name: 'gizmo', officialName: 'gizmo', goPackage: 'example.org/gadget/cmd/gizmo' },
  ],
  release: {
    repository: 'owner/gadget',
    tag: 'v1.2.3',
    checksumFile: 'sums.txt',
    archive: () => 'gadget.tar.gz',
  },
  module: 'example.org/gadget v1.2.3',
  buildFlags: ['-mod=readonly', '-tags=small'],
};

export interface Toolbox {
  context: ToolContext & { progress: ReturnType<typeof recordedProgress> };
  /** The only folder on PATH besides the system's own. */
  bin: string;
  cache: string;
  /** tools/ */
  tools: string;
  /** Appended to by the made-up Go at every call: its words. */
  goLog: string;
}

/**
 * Surroundings of their own: an empty cache, a mirror that nobody listens on, and a Go that "builds" shell scripts
 * in no time. `goScript` runs at the start of each of its builds.
 */
export function makeToolbox(t: Pick<TestContext, 'after'>, goScript = ''): Toolbox {
  const root = temporaryFolder(t);
  const bin = path.join(root, 'bin');
  const tools = path.join(root, 'tools');
  const goLog = path.join(root, 'go.log');
  mkdirSync(path.join(tools, 'gadget'), { recursive: true });
  writeFileSync(
    path.join(tools, 'gadget/go.mod'),
    'module x\n\nrequire (\n\texample.org/gadget v1.2.3 // indirect\n)\n',
  );
  writeProgram(path.join(bin, 'go'), fakeGo(goLog, goScript));
  const context = {
    toolsets: [GADGETS],
    toolsFolder: tools,
    environment: {
      HOME: root,
      PATH: `${bin}:/usr/bin:/bin`,
      PLAYGROUND_DOWNLOAD_MIRROR: 'http://127.0.0.1:9',
    } as NodeJS.ProcessEnv,
    progress: recordedProgress(),
    signal: new AbortController().signal,
  };
  return { context, bin, cache: path.join(root, '.cache/ilp-playground'), tools, goLog };
}

function fakeGo(log: string, script: string): string {
  return `
case $1 in
env) echo "\${GO_SAYS-go1.26.1}"; exit ;;
esac
echo "$* CGO_ENABLED=$CGO_ENABLED GOFLAGS=$GOFLAGS" >>'${log}'
case $1 in
list) echo "go: downloading example.org/gadget v1.2.3" >&2; echo fmt; echo example.org/gadget/cmd; exit ;;
esac
${script}
for word; do
  case $word in
  -o=*) output=\${word#-o=} ;;
  example.org/*) echo "$word" >&2
    name=\${word##*/}
    printf '#!/bin/sh\\necho "%s, version 1.2.3"\\n' "$name" >"$output$name" ;;
  esac
done`;
}
