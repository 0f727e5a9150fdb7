/** How a dashboard variable's value is written into PromQL. */

/** The part of a variable that decides its notation. */
interface VariableKind {
  multi?: boolean;
  includeAll?: boolean;
}

/**
 * A single-value variable is escaped for a quoted string; one that may hold several values becomes a regular
 * expression that matches them literally.
 */
export function formatForPromql(value: unknown, variable: VariableKind | undefined): string {
  const values = (Array.isArray(value) ? value : [value]).map(String);
  if (!variable?.multi && !variable?.includeAll) return values.map(escapeQuoted).join('|');
  const escaped = values.map(escapeRegExp);
  return escaped.length === 1 ? escaped[0]! : `(${escaped.join('|')})`;
}

const escapeQuoted = (text: string): string => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"');

/** Twice escaped: once for the regular expression, once for the quotes around it. */
const escapeRegExp = (text: string): string => text.replace(/[\\^$*+?.()|[\]{}"]/g, escapeRegExpCharacter);

const escapeRegExpCharacter = (character: string): string =>
  character === '\\' ? '\\\\\\\\' : character === '"' ? '\\"' : `\\\\${character}`;
