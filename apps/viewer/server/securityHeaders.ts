/** An origin that may show the site in a frame, as the Content-Security-Policy has it: `https://*.example.org:*`. */
export const FRAME_ORIGIN = /^https?:\/\/[a-z0-9.*-]+(:(\d+|\*))?$/i;

/**
 * Nothing but this site's own scripts, fonts and data. Styles are the exception: Grafana's components (emotion)
 * write them into the page as it runs.
 */
export function securityHeaders(frameAncestors: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${frameAncestors}`,
  ];
  return {
    'content-security-policy': policy.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  };
}
