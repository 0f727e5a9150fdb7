import type { TooltipPlugin2 } from '@grafana/ui';
import type { ComponentProps } from 'react';

type Mode = ComponentProps<typeof TooltipPlugin2>['hoverMode'];

/** What a tooltip follows. @grafana/ui does not export its own names for these. */
export const HoverMode = {
  nearestAtX: 0 as Mode,
  allAtX: 1 as Mode,
  cell: 2 as Mode,
};
