/** What an operator promises: the guide's three variables. Rules and boards both go by it. */
export interface Sla {
  /** Shares from 0 to 1, both excluded. */
  packetSuccess: number;
  settlementSuccess: number;
  /** Of 100 packets, 99 have their reply within this. */
  p99LatencyMs: number;
}

/** The guide's own; .env has the same. */
export const GUIDE_SLA: Sla = { packetSuccess: 0.999, settlementSuccess: 0.99, p99LatencyMs: 10 };
