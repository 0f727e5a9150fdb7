/**
 * Grafana's kiosk mode: `?kiosk` hides everything but the board; `_dash.hideTimePicker`, `_dash.hideVariables`
 * and `_dash.hideLinks` (only there) hide the controls one by one. Escape leaves it.
 */
import { locationService } from '@grafana/runtime';
import { useEffect } from 'react';
import { useLocation } from 'react-router-dom';

export function useKiosk(): boolean {
  const params = new URLSearchParams(useLocation().search);
  const isKiosk = params.has('kiosk') && params.get('kiosk') !== 'false';
  const isPanelViewed = params.has('viewPanel');
  useEffect(() => {
    if (!isKiosk || isPanelViewed) return undefined;
    const leave = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) locationService.partial({ kiosk: null }, true);
    };
    document.addEventListener('keydown', leave);
    return () => document.removeEventListener('keydown', leave);
  }, [isKiosk, isPanelViewed]);
  return isKiosk;
}

export function useShownControls(): { time: boolean; variables: boolean; links: boolean } {
  const params = new URLSearchParams(useLocation().search);
  const isShown = (part: string) => !(params.has('kiosk') && params.get(`_dash.hide${part}`) === 'true');
  return { time: isShown('TimePicker'), variables: isShown('Variables'), links: isShown('Links') };
}
