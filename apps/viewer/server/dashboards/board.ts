import { z } from 'zod';

/** One dashboard file, and what lists and search need to know of it. */
export interface Board {
  uid: string;
  title: string;
  slug: string;
  /** As in Grafana: `/d/<uid>/<slug>`. */
  url: string;
  description: string;
  tags: string[];
  file: string;
  folder: { uid: string; title: string };
  dashboard: Record<string, unknown>;
}

const shape = z.looseObject({
  uid: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'must be 1 to 40 letters, digits, - or _'),
  title: z.string().trim().min(1, 'must not be empty'),
  description: z.string().default(''),
  tags: z.array(z.string()).default([]),
  panels: z.array(z.looseObject({ type: z.string() })).default([]),
});

/** Reads a dashboard's JSON; says what is wrong with it instead of failing. */
export function parseBoard(text: string, file: string): { board: Board } | { problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { problem: `is not JSON: ${(error as Error).message}` };
  }
  const result = shape.safeParse(json);
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`);
    return { problem: problems.join('; ') };
  }
  const { uid, title, description, tags } = result.data;
  const slug = slugOf(title);
  return {
    board: {
      uid,
      title,
      slug,
      url: `/d/${uid}/${slug}`,
      description,
      tags,
      file,
      folder: folderOf(file),
      dashboard: json as Record<string, unknown>,
    },
  };
}

/** `HTTP & network` → `http-network`. */
export const slugOf = (title: string): string =>
  title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '') || 'dashboard';

/** The subfolder that the file lies in; without one the folder that grafana/provisioning names. */
function folderOf(file: string): Board['folder'] {
  const [name, ...rest] = file.split('/');
  const title = rest.length > 0 && name ? name : 'Interledger';
  return { uid: slugOf(title), title };
}
