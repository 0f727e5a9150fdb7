import path from 'node:path';
export async function findPrograms() {
  const folder = process.env.PLAYGROUND_TOOLS ?? '';
  return { otelcol: path.join(folder, 'otelcol'), prometheus: path.join(folder, 'prometheus') };
}
