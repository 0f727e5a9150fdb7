import type { HtmlTagDescriptor, Plugin, Rolldown } from 'vite';

/** Modules that are imported dynamically and that nearly every page needs at once. */
const WANTED = [
  'client/app.tsx',
  'client/panels/stat.tsx',
  'client/panels/timeseries.tsx',
  'client/panels/table.tsx',
];

/**
 * Names in index.html the files that the first page will ask for, so that the browser fetches and compiles them
 * side by side instead of finding out about them one after the other.
 */
export function preloadChunks(): Plugin {
  return {
    name: 'preload-chunks',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        const linked = (file: string) => html.includes(`/${file}"`);
        return closure(bundle)
          .filter((file) => !linked(file))
          .map(link);
      },
    },
  };
}

/** The wanted chunks and all that they import statically. */
function closure(bundle: Rolldown.OutputBundle): string[] {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
  const isWanted = (id: string | null) => WANTED.some((wanted) => id?.endsWith(`/${wanted}`));
  const found = new Set(
    chunks.filter(({ facadeModuleId }) => isWanted(facadeModuleId)).map(({ fileName }) => fileName),
  );
  if (found.size !== WANTED.length)
    throw new Error(`preload: ${WANTED.join(', ')}: not all of them are chunks`);
  // A set that grows while it is walked is walked to its new end.
  for (const fileName of found) {
    for (const imported of chunks.find((chunk) => chunk.fileName === fileName)?.imports ?? [])
      found.add(imported);
  }
  return [...found];
}

const link = (file: string): HtmlTagDescriptor => ({
  tag: 'link',
  attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` },
  injectTo: 'head',
});
