import { textUtil } from '@grafana/data';
import { selectors } from '@grafana/e2e-selectors';
import { type IconName, LinkButton } from '@grafana/ui';
import { useEffect, useState } from 'react';
import { useLocation } from 'react-router-dom';
import { type SearchHit, searchBoards } from '../api.ts';
import type { LinkModel } from './dashboardModel.ts';

interface ShownLink {
  title: string;
  url: string;
  tooltip: string;
  icon: IconName;
  isExternal: boolean;
  link: LinkModel;
}

/** A board's links to other boards (by tag) and pages, with its time and variables if the link says so. */
export function BoardLinks({ links, uid }: { links: LinkModel[]; uid: string }) {
  const { search } = useLocation();
  const boards = useBoards(links.some(({ type }) => type === 'dashboards'));
  const shown = links.flatMap((link) => expand(link, boards, uid));
  if (shown.length === 0) return null;
  return (
    <nav aria-label="Related dashboards" style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
      {shown.map(({ title, url, tooltip, icon, isExternal, link }) => (
        <LinkButton
          key={title + url}
          variant="secondary"
          fill="outline"
          icon={icon}
          href={withBoardState(url, link, search)}
          target={isExternal ? '_blank' : '_self'}
          tooltip={tooltip}
          data-testid={selectors.components.DashboardLinks.link}
        >
          {title}
        </LinkButton>
      ))}
    </nav>
  );
}

function useBoards(isWanted: boolean): SearchHit[] {
  const [boards, setBoards] = useState<SearchHit[]>([]);
  useEffect(() => {
    if (isWanted) searchBoards().then(setBoards, () => setBoards([]));
  }, [isWanted]);
  return boards;
}

function expand(link: LinkModel, boards: SearchHit[], ownUid: string): ShownLink[] {
  const isExternal = link.targetBlank ?? false;
  if (link.type === 'link') {
    const icon = isExternal ? 'external-link-alt' : 'arrow-right';
    const url = textUtil.sanitizeUrl(link.url ?? '');
    return [{ title: link.title, url, tooltip: link.tooltip ?? '', icon, isExternal, link }];
  }
  const tags = link.tags ?? [];
  return boards
    .filter((board) => tags.every((tag) => board.tags.includes(tag)) && board.uid !== ownUid)
    .map((board) => ({
      title: board.title,
      url: board.url,
      tooltip: board.description ?? '',
      icon: 'apps',
      isExternal,
      link,
    }));
}

function withBoardState(url: string, { keepTime, includeVars }: LinkModel, search: string): string {
  const [path = '', own = ''] = url.split('?');
  const params = new URLSearchParams(own);
  for (const [key, value] of new URLSearchParams(search)) {
    const isTime = key === 'from' || key === 'to' || key === 'timezone';
    if ((isTime && keepTime) || (key.startsWith('var-') && includeVars)) params.append(key, value);
  }
  return params.size > 0 ? `${path}?${params}` : path;
}
