import type { z } from 'zod';

/** One environment variable of a program, for the reference page. */
export interface Variable {
  name: string;
  /** What it is without being set; undefined: it has to be set, or nothing is instead. */
  fallback: string | undefined;
  isNeeded: boolean;
  meaning: string;
}

type Shape = Readonly<Record<string, z.core.$ZodType>>;

/** The variables of a zod schema, in its order; every one of them has a meaning, and no other has. */
export function variablesOf<S extends Shape>(
  { shape }: { shape: S },
  meanings: { readonly [N in keyof S]: string },
): Variable[] {
  return Object.entries(shape).map(([name, type]) => ({
    name,
    ...absence(type),
    meaning: meanings[name as keyof S],
  }));
}

/** The same of programs that check their few variables by hand, because zod would be a third of their memory. */
export function byHand(
  variables: Readonly<Record<string, { fallback?: string; needed?: boolean; meaning: string }>>,
): Variable[] {
  return Object.entries(variables).map(([name, { fallback, needed = false, meaning }]) => ({
    name,
    fallback,
    isNeeded: needed,
    meaning,
  }));
}

/** What a variable is when nobody sets it: the outermost default on the side of the text. */
function absence(type: z.core.$ZodType): Pick<Variable, 'fallback' | 'isNeeded'> {
  const { def } = type._zod as unknown as {
    def: { type: string; defaultValue?: unknown; in?: z.core.$ZodType };
  };
  if (def.type === 'default') return { fallback: textOf(def.defaultValue), isNeeded: false };
  if (def.type === 'optional') return { fallback: undefined, isNeeded: false };
  if (def.type === 'pipe' && def.in) return absence(def.in);
  return { fallback: undefined, isNeeded: true };
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_key, inner) => (typeof inner === 'bigint' ? String(inner) : inner));
}
