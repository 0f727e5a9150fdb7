import { PanelPlugin } from '@grafana/data';
import { PanelMessage } from './PanelMessage.tsx';

/** Says in the panel that its type is not one of this viewer's. */
export const unknownPanel = (id: string): PanelPlugin =>
  new PanelPlugin(() => (
    <PanelMessage>The built-in viewer does not draw “{id}” panels. A real Grafana does.</PanelMessage>
  ));
