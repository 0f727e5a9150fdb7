/**
 * What a Grafana Mimir needs, by the rules of its own documentation ("Planning Grafana Mimir capacity", microservices
 * mode; for series with a sample each 15 s). Paper, not measured.
 */
export interface MimirNeed {
  samplesPerSecond: number;
  distributors: Need;
  ingesters: Need;
  /** Query path: frontend, queriers and store gateways. */
  queries: Need;
  compactors: Need;
  /** All of it, with the half on top of memory that the same page asks for. */
  total: Need;
  /** In the object store, for a year. */
  blocksGb: number;
}

interface Need {
  cores: number;
  memoryGb: number;
}

const REPLICATION = 3;
const SAMPLES_PER_CORE = 25_000;
const SERIES_PER_CORE = 300_000;
const GB_PER_INGESTER_CORE = 2.5;
const QUERIES_PER_CORE = 10;
const FRONTEND_QUERIES_PER_CORE = 250;
const SERIES_PER_COMPACTOR = 20_000_000;
const COMPACTOR: Need = { cores: 1, memoryGb: 4 };
const HEADROOM = 1.5;
const BYTES_PER_SAMPLE = 2;
const SECONDS_A_YEAR = 365 * 86_400;

/**
 * @param series active ones, before replication
 * @param intervalSeconds between two samples of a series
 * @param queriesPerSecond that boards and rules ask
 */
export function mimirNeed(series: number, intervalSeconds: number, queriesPerSecond: number): MimirNeed {
  const samplesPerSecond = series / intervalSeconds;
  const receiving = samplesPerSecond / SAMPLES_PER_CORE;
  const storing = (series * REPLICATION) / SERIES_PER_CORE;
  const asking = queriesPerSecond / QUERIES_PER_CORE;
  const fronting = queriesPerSecond / FRONTEND_QUERIES_PER_CORE;
  const compacting = Math.max(1, Math.ceil(series / SERIES_PER_COMPACTOR));
  const distributors = { cores: receiving, memoryGb: receiving };
  const ingesters = { cores: storing, memoryGb: storing * GB_PER_INGESTER_CORE };
  // A querier and a store gateway each.
  const queries = { cores: 2 * asking + fronting, memoryGb: 2 * asking + fronting };
  const compactors = { cores: compacting * COMPACTOR.cores, memoryGb: compacting * COMPACTOR.memoryGb };
  const sum = (of: keyof Need) =>
    [distributors, ingesters, queries, compactors].reduce((total, need) => total + need[of], 0);
  return {
    samplesPerSecond,
    distributors,
    ingesters,
    queries,
    compactors,
    total: { cores: sum('cores'), memoryGb: sum('memoryGb') * HEADROOM },
    blocksGb: (samplesPerSecond * SECONDS_A_YEAR * BYTES_PER_SAMPLE) / 1e9,
  };
}
