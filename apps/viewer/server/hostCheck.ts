import { isIP } from 'node:net';
import type { ViewerSettings } from './settings.ts';

/**
 * Against DNS rebinding: a page of another site could point its own name at this address and then read what
 * this server says. So only names that nobody else can own are answered: loopback's, IP addresses (which
 * cannot be rebound), the host this server was told to listen on, and those in the settings.
 */
export function createHostCheck(
  settings: Pick<ViewerSettings, 'host' | 'allowedHosts'>,
): (hostHeader: string | undefined) => boolean {
  const names = new Set(['localhost', settings.host.toLowerCase(), ...settings.allowedHosts]);
  return (hostHeader) => {
    const name = hostName(hostHeader ?? '');
    return name !== undefined && (isIP(name) !== 0 || names.has(name));
  };
}

/** The name in a Host header without port and brackets; `undefined` if it is malformed. */
function hostName(header: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::\d{1,5})?$/i.exec(header);
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}
