/** Search and grouping on the home page, done here so that it answers at each key. */
import type { SearchHit } from '../api.ts';

/** Boards with every word of the query in title, description, folder or tags, and with every tag. */
export function filterBoards(boards: SearchHit[], query: string, tags: string[]): SearchHit[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return boards.filter((board) => {
    const text = [board.title, board.description, board.folderTitle, ...board.tags].join(' ').toLowerCase();
    return words.every((word) => text.includes(word)) && tags.every((tag) => board.tags.includes(tag));
  });
}

/** Boards outside any folder come first, under the name that Grafana gives them. */
export function groupByFolder(boards: SearchHit[]): Array<{ folder: string; boards: SearchHit[] }> {
  const groups = Map.groupBy(boards, ({ folderTitle }) => folderTitle ?? '');
  return [...groups]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([folder, inFolder]) => ({ folder: folder || 'General', boards: inFolder }));
}

export const tagsOf = (boards: SearchHit[]): string[] =>
  [...new Set(boards.flatMap(({ tags }) => tags))].sort((a, b) => a.localeCompare(b));
