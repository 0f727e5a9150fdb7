/** What a look at one hop found. */
export interface Finding {
  /** What was seen, good or bad. */
  evidence: string[];
  /** The first thing that is wrong, and what to do about it; absent when all is well. */
  trouble?: Trouble;
}

export interface Trouble {
  why: string;
  fix: string;
}

export interface HopReport {
  name: string;
  ok: boolean;
  evidence: string;
}

export interface Diagnosis {
  ok: boolean;
  hops: HopReport[];
  firstBroken: string | null;
  why: string | null;
  fix: string | null;
}

/** The hops in the order of the data's way: the first that is broken explains those behind it. */
export function diagnose(findings: readonly (Finding & { name: string })[]): Diagnosis {
  const hops = findings.map(({ name, evidence, trouble }) => ({
    name,
    ok: trouble === undefined,
    evidence: [...(trouble ? [trouble.why] : []), ...evidence].join('; '),
  }));
  const first = findings.find(({ trouble }) => trouble !== undefined);
  return {
    ok: first === undefined,
    hops,
    firstBroken: first?.name ?? null,
    why: first?.trouble?.why ?? null,
    fix: first?.trouble?.fix ?? null,
  };
}

/** Findings of the parts of one hop (its ASEs, say) as one. */
export function together(findings: readonly Finding[]): Finding {
  const trouble = findings.find((finding) => finding.trouble)?.trouble;
  return { evidence: findings.flatMap(({ evidence }) => evidence), ...(trouble ? { trouble } : {}) };
}

export const RESTART = './playground down, then ./playground up';
