import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { USAGE_REFUSALS, USAGE_SPANS_DAYS, type UsageRefusal } from '../../../telemetry/usageCatalogue.ts';
import { USAGE_COUNTS, type UsageReport } from '../../../telemetry/usageReport.ts';
import { dayOf, firstOfLastDays } from './day.ts';
import type { UsageLimits } from './settings.ts';

/** The reports, in a database of their own. All times are the backend's: a report brings none. */
export interface UsageStore {
  /** Keeps a report, or says why not. Throws when the disk does not take it; then nothing has changed. */
  add(report: UsageReport): 'stored' | 'too_often' | 'full';
  /** Counts a refusal; written with the next flush, because a flood must not cost a write each. */
  refuse(reason: UsageRefusal): void;
  /** Writes the counted refusals. Throws when the disk does not take them; they stay counted. */
  flush(): void;
  /** Deletes what is older than it may be; gives how many. */
  prune(): number;
  totals(): UsageTotals;
  /** Reports and installations of each day and version since a day, newest first; at most `limit` rows. */
  days(query: DaysQuery): DayRow[];
  /** How the reports of a day and version are spread, for every field of a report that has few values. */
  spread(day: string, version: string): Spread;
  /** Writes what is counted, and closes. */
  close(): void;
}

export interface UsageTotals {
  /** By the version as metrics show it. */
  received: Map<string, number>;
  refused: Record<UsageRefusal, number>;
  stored: number;
  /** 0 before the first. */
  newestReportSeconds: number;
  /** Different installations, by span in days. */
  installations: Map<number, number>;
}

export interface DaysQuery {
  from?: string | undefined;
  to?: string | undefined;
  version?: string | undefined;
  /** Only rows that come after this one. */
  after?: { day: string; version: string } | undefined;
  limit: number;
}

export interface DayRow {
  day: string;
  version: string;
  reports: number;
  installations: number;
}

/** Reports by value, by field. */
export type Spread = Record<(typeof SPREAD_FIELDS)[number], Record<string, number>>;
const SPREAD_FIELDS = ['system', 'architecture', 'nodeMajor', ...USAGE_COUNTS] as const;

/** Versions that metrics tell apart: whoever makes versions up cannot make up series without end. */
const MAX_VERSIONS = 32;
export const OTHER_VERSIONS = 'other';

export function createUsageStore(
  db: DatabaseSync,
  options: { limits: UsageLimits; ownVersion: string; nowMs: () => number },
): UsageStore {
  const { limits, nowMs } = options;
  const count = (sql: string, ...values: SQLInputValue[]) =>
    (db.prepare(sql).get(...values) as { n: number }).n;
  const insert = db.prepare(
    `INSERT INTO report (day, version, installation, uptimeHours, system, architecture, nodeMajor, ${USAGE_COUNTS.join(', ')})
     VALUES (?, ?, ?, ?, ?, ?, ?, ${USAGE_COUNTS.map(() => '?').join(', ')})`,
  );
  const ofInstallation = db.prepare('SELECT COUNT(*) AS n FROM report WHERE installation = ? AND day = ?');
  const addTotal = db.prepare(
    `INSERT INTO total (quantity, label, value) VALUES (?, ?, ?)
     ON CONFLICT (quantity, label) DO UPDATE SET value = value + excluded.value`,
  );
  const setTotal = db.prepare('INSERT OR REPLACE INTO total (quantity, label, value) VALUES (?, ?, ?)');
  const readTotals = db.prepare('SELECT label, value FROM total WHERE quantity = ?');
  const totalsOf = (quantity: string) =>
    new Map(
      (readTotals.all(quantity) as { label: string; value: number }[]).map((row) => [row.label, row.value]),
    );

  const unwritten = new Map<UsageRefusal, number>();
  const received = totalsOf('received');
  // Stands at 0 before its first report, so that the first one can be seen to come.
  if (!received.has(options.ownVersion)) received.set(options.ownVersion, 0);
  let stored = count('SELECT COUNT(*) AS n FROM report');

  function transaction(work: () => void): void {
    db.exec('BEGIN IMMEDIATE');
    try {
      work();
      db.exec('COMMIT');
    } catch (error) {
      // SQLite may have given the transaction up by itself, as it does when the disk is full.
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }

  function flush(): void {
    if (unwritten.size === 0) return;
    transaction(() => {
      for (const [reason, n] of unwritten) addTotal.run('refused', reason, n);
    });
    unwritten.clear();
  }

  return {
    add(report) {
      const day = dayOf(nowMs());
      const { n } = ofInstallation.get(report.installationId, day) as { n: number };
      if (n >= limits.reportsPerInstallationAndDay) return 'too_often';
      if (stored >= limits.maxReports) return 'full';
      const { version, platform } = report;
      const label = received.has(version) || received.size < MAX_VERSIONS ? version : OTHER_VERSIONS;
      transaction(() => {
        insert.run(
          day,
          version,
          report.installationId,
          report.uptimeHours,
          platform.system,
          platform.architecture,
          platform.nodeMajor,
          ...USAGE_COUNTS.map((name) => report.counts[name]),
        );
        addTotal.run('received', label, 1);
        setTotal.run('newest_ms', '', nowMs());
      });
      stored += 1;
      received.set(label, (received.get(label) ?? 0) + 1);
      return 'stored';
    },
    refuse(reason) {
      unwritten.set(reason, (unwritten.get(reason) ?? 0) + 1);
    },
    flush,
    prune() {
      const oldest = firstOfLastDays(limits.keepDays, nowMs());
      const { changes } = db.prepare('DELETE FROM report WHERE day < ?').run(oldest);
      stored -= Number(changes);
      return Number(changes);
    },
    totals() {
      const refused = totalsOf('refused');
      const now = nowMs();
      return {
        received: new Map(received),
        refused: Object.fromEntries(
          USAGE_REFUSALS.map((reason) => [reason, (refused.get(reason) ?? 0) + (unwritten.get(reason) ?? 0)]),
        ) as Record<UsageRefusal, number>,
        stored,
        newestReportSeconds: (totalsOf('newest_ms').get('') ?? 0) / 1000,
        installations: new Map(
          USAGE_SPANS_DAYS.map((days) => [
            days,
            count(
              'SELECT COUNT(DISTINCT installation) AS n FROM report WHERE day >= ?',
              firstOfLastDays(days, now),
            ),
          ]),
        ),
      };
    },
    days({ from, to, version, after, limit }) {
      const conditions: [string, ...SQLInputValue[]][] = [];
      if (from !== undefined) conditions.push(['day >= ?', from]);
      if (to !== undefined) conditions.push(['day <= ?', to]);
      if (version !== undefined) conditions.push(['version = ?', version]);
      if (after !== undefined) conditions.push(['(day, version) < (?, ?)', after.day, after.version]);
      const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`;
      // In the order of the index, backwards: a page costs what is on it, not what there is.
      return db
        .prepare(
          `SELECT day, version, COUNT(*) AS reports, COUNT(DISTINCT installation) AS installations
           FROM report ${where} GROUP BY day, version ORDER BY day DESC, version DESC LIMIT ?`,
        )
        .all(...conditions.flatMap(([, ...values]) => values), limit) as unknown as DayRow[];
    },
    spread(day, version) {
      const bySome = (field: string) => {
        const rows = db
          .prepare(
            `SELECT ${field} AS value, COUNT(*) AS n FROM report WHERE day = ? AND version = ? GROUP BY value ORDER BY value`,
          )
          .all(day, version) as { value: string | number; n: number }[];
        return Object.fromEntries(rows.map(({ value, n }) => [String(value), n]));
      };
      return Object.fromEntries(SPREAD_FIELDS.map((field) => [field, bySome(field)])) as Spread;
    },
    close() {
      try {
        flush();
      } finally {
        db.close();
      }
    },
  };
}
