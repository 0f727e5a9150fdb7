/**
 * Stands in for @grafana/i18n in Grafana's components (vite.config.ts). There is one language, yet each of the many hundred
 * phrases that a board asks for is looked for anew each time; here the answers are kept.
 */
import { t as translate } from '@grafana/i18n';

export * from '@grafana/i18n';

/** More than a page asks for. */
const MAX_PHRASES = 2000;
const known = new Map<string, string>();

/** As `t` of @grafana/i18n. Phrases with numbers in them are not kept: there is no end of numbers. */
export const t: typeof translate = (id, defaultMessage, values) => {
  const words = Object.entries(values ?? {}).flat();
  if (words.some((word) => typeof word !== 'string')) return translate(id, defaultMessage, values);
  const key = [id, defaultMessage, ...words].join('\n');
  const kept = known.get(key);
  if (kept !== undefined) return kept;
  const phrase = translate(id, defaultMessage, values);
  if (known.size < MAX_PHRASES) known.set(key, phrase);
  return phrase;
};
