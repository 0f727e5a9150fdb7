/** The icons that boards show at once, as part of the bundle: each would else be a file to ask for. */

const FOLDER = '/public/build/img/icons/unicons/';

/** An icon's drawing, and the attributes that its `svg` element has in the file. */
export interface IconDrawing {
  viewBox: string;
  inner: string;
}

const files: Record<string, string> = import.meta.glob(
  '../../node_modules/@grafana/ui/dist/public/img/icons/unicons/{angle-double-right,angle-down,angle-right,apps,arrow-down,arrow-left,arrow-up,check,clock-nine,ellipsis-v,external-link-alt,eye,info-circle,search-minus,sync,sync-slash,times}.svg',
  { query: '?raw', import: 'default', eager: true },
);

const drawings = new Map<string, IconDrawing>();
for (const [path, svg] of Object.entries(files)) {
  const drawing = parse(svg);
  if (drawing) drawings.set(FOLDER + path.slice(path.lastIndexOf('/') + 1), drawing);
}

/** By the address that Grafana's components would fetch it from; `undefined` if it is not part of the bundle. */
export const drawingOf = (address: string): IconDrawing | undefined => drawings.get(address);

function parse(svg: string): IconDrawing | undefined {
  const [, viewBox, inner] = /^\s*<svg\b[^>]*\bviewBox="([^"]+)"[^>]*>(.*)<\/svg>\s*$/s.exec(svg) ?? [];
  return viewBox && inner ? { viewBox, inner } : undefined;
}
