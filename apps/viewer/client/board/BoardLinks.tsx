import { css } from '@emotion/css';
import { type GrafanaTheme2, textUtil } from '@grafana/data';
import { selectors } from '@grafana/e2e-selectors';
import { type IconName, LinkButton, useStyles2 } from '@grafana/ui';
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
  const styles = useStyles2(getStyles);
  const boards = useBoards(links.some(({ type }) => type === 'dashboards'));
  const shown = links.flatMap((link) => expand(link, boards, uid));
  if (shown.length === 0) return null;
  return (
    <nav aria-label="Related dashboards" className={styles.links}>
      {shown.map(({ title, url, tooltip, icon, isExternal, link }) => (
        <LinkButton
          key={title + url}
          variant="secondary"
          fill="outline"
          size="sm"
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

const getStyles = (theme: GrafanaTheme2) => ({
  links: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1),
    flexBasis: '100%',
    minWidth: 0,
    // On a phone one line that is swiped: in lines of two they would fill half of the screen.
    [theme.breakpoints.down('sm')]: {
      flexWrap: 'nowrap',
      overflowX: 'auto',
      // Room for the outline of the one that has the focus, which else is cut.
      padding: theme.spacing(0.5),
      margin: theme.spacing(-0.5),
      scrollbarWidth: 'none',
      '& > *': { flexShrink: 0 },
    },
  }),
});
