import { textUtil } from '@grafana/data';
import { Icon, PanelChrome } from '@grafana/ui';
import type { PanelLinkModel } from './dashboardModel.ts';

/** The links of a panel beside its title. */
export function PanelLinks({ links }: { links: PanelLinkModel[] }) {
  return links.map(({ title, url, targetBlank }) => (
    <PanelChrome.TitleItem
      key={title + url}
      href={textUtil.sanitizeUrl(url)}
      target={targetBlank ? '_blank' : '_self'}
      title={title}
    >
      <Icon name="external-link-alt" size="md" title={title} />
    </PanelChrome.TitleItem>
  ));
}
