import { locationService } from '@grafana/runtime';
import { type ReactNode, useLayoutEffect, useState } from 'react';
import { Router as BaseRouter, type Location, type Navigator } from 'react-router-dom';

/** The part of a history that is needed here. */
interface ListenableHistory {
  location: Location;
  listen(listener: (location: Location) => void): () => void;
}

/**
 * React's router on the history that Grafana's scenes write to, so that both agree about the URL.
 */
export function Router({ children }: { children: ReactNode }) {
  const history: ListenableHistory = locationService.getHistory();
  const [location, setLocation] = useState(history.location);
  useLayoutEffect(() => history.listen((next) => setLocation(next)), [history]);
  return (
    <BaseRouter location={location} navigator={history as unknown as Navigator}>
      {children}
    </BaseRouter>
  );
}
