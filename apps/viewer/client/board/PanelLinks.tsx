import { textUtil } from '@grafana/data';
import {
  type SceneComponentProps,
  SceneObjectBase,
  type SceneObjectState,
  sceneGraph,
} from '@grafana/scenes';
import { Icon, PanelChrome } from '@grafana/ui';
import { useLocation } from 'react-router-dom';
import type { PanelLinkModel } from './dashboardModel.ts';

interface PanelLinksState extends SceneObjectState {
  links: PanelLinkModel[];
}

/** The links of a panel beside its title, with time and variables filled in. */
export class PanelLinks extends SceneObjectBase<PanelLinksState> {
  static Component = ({ model }: SceneComponentProps<PanelLinks>) => {
    // Time and variables are in the URL: when it changes, so do the links.
    useLocation();
    const fill = (text: string) => sceneGraph.interpolate(model, text);
    return model.state.links.map(({ title, url, targetBlank }) => (
      <PanelChrome.TitleItem
        key={title + url}
        href={textUtil.sanitizeUrl(fill(url))}
        target={targetBlank ? '_blank' : '_self'}
        title={fill(title)}
      >
        <Icon name="external-link-alt" size="md" title={fill(title)} />
      </PanelChrome.TitleItem>
    ));
  };
}
