/** A measurement that can be drawn as a point and followed. */
export interface Exemplar {
  timeMs: number;
  value: number;
  traceId: string;
  labels: Record<string, string>;
}

/** The highest in each slot of time, so that points do not lie upon each other: the slow ones are looked for. */
export function highestInSlots(exemplars: readonly Exemplar[], slotMs: number): Exemplar[] {
  const slots = new Map<number, Exemplar>();
  for (const one of exemplars) {
    const slot = Math.floor(one.timeMs / slotMs);
    if (one.value > (slots.get(slot)?.value ?? Number.NEGATIVE_INFINITY)) slots.set(slot, one);
  }
  return [...slots.values()];
}
