import type { Board } from './board.ts';

/** An entry of Grafana's `/api/search`. */
export interface SearchHit {
  id: number;
  uid: string;
  title: string;
  uri: string;
  url: string;
  slug: string;
  type: 'dash-db' | 'dash-folder';
  tags: string[];
  isStarred: false;
  description?: string;
  folderUid?: string;
  folderTitle?: string;
}

const MAX_HITS = 1000;

/** `query` (words, all in the title), `tag` (repeatable, all), `type`, `limit`; as Grafana reads them. */
export function searchDashboards(boards: Board[], params: URLSearchParams): SearchHit[] {
  const words = (params.get('query') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const tags = params.getAll('tag');
  const type = params.get('type');
  const hits = [...foldersOf(boards), ...boards.map(boardHit)].filter(
    (hit) =>
      (!type || hit.type === type) &&
      words.every((word) => hit.title.toLowerCase().includes(word)) &&
      tags.every((tag) => hit.tags.includes(tag)),
  );
  return hits.slice(0, limitOf(params.get('limit')));
}

function limitOf(text: string | null): number {
  const limit = Number(text ?? MAX_HITS);
  return Number.isInteger(limit) && limit > 0 ? Math.min(limit, MAX_HITS) : MAX_HITS;
}

function boardHit(board: Board, index: number): SearchHit {
  return {
    id: index + 1,
    uid: board.uid,
    title: board.title,
    uri: `db/${board.slug}`,
    url: board.url,
    slug: '',
    type: 'dash-db',
    tags: board.tags,
    isStarred: false,
    ...(board.description ? { description: board.description } : {}),
    folderUid: board.folder.uid,
    folderTitle: board.folder.title,
  };
}

function foldersOf(boards: Board[]): SearchHit[] {
  const folders = new Map(boards.map(({ folder }) => [folder.uid, folder.title]));
  return [...folders].map(([uid, title], index) => ({
    id: boards.length + index + 1,
    uid,
    title,
    uri: `db/${uid}`,
    url: `/dashboards?query=${encodeURIComponent(title)}`,
    slug: '',
    type: 'dash-folder',
    tags: [],
    isStarred: false,
  }));
}
