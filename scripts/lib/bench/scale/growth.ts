import { type Fit, fitLinear, fitPower, type Point } from './fit.ts';
import type { Path } from './fleet.ts';
import type { PathFigures, ScaleFigures, ScaleRow } from './scaleRow.ts';

/** What grows with the number of ASEs, and by which law. */
export interface Growth extends Pick<Law, 'of' | 'by'> {
  fit: Fit;
}

type Measured = ScaleRow & { figures: ScaleFigures };

interface Law {
  of: string;
  /** What it grows with. */
  by: string;
  fit: (points: readonly Point[]) => Fit;
  /** Waiting is longer where something is late; memory and processor time are those of what was taken in. */
  onlyCarried?: boolean;
  /** Undefined where a step says nothing about it. */
  point: (row: Measured) => Point | undefined;
}

const LAWS = {
  prometheusMb: {
    of: 'Prometheus, MB resident',
    by: 'thousand series',
    fit: fitLinear,
    point: ({ figures }) => ({ x: figures.series / 1e3, y: figures.prometheus.rssBytes / 1e6 }),
  },
  prometheusCores: {
    of: 'Prometheus, processors',
    by: 'thousand samples/s',
    fit: fitLinear,
    point: ({ figures }) => ({ x: figures.samplesPerSecond / 1e3, y: figures.prometheus.cores }),
  },
  operatorHeapMb: {
    of: 'operator’s collector, MB of heap',
    by: 'thousand series',
    fit: fitLinear,
    point: heapOf('operator'),
  },
  operatorCores: {
    of: 'operator’s collector, processors',
    by: 'thousand samples/s',
    fit: fitLinear,
    point: coresOf('operator'),
  },
  networkHeapMb: {
    of: 'both network collectors, MB of heap',
    by: 'thousand series',
    fit: fitLinear,
    point: heapOf('network'),
  },
  networkCores: {
    of: 'both network collectors, processors',
    by: 'thousand samples/s',
    fit: fitLinear,
    point: coresOf('network'),
  },
  senderCores: {
    of: 'exporters of all ASEs, processors',
    by: 'thousand samples/s',
    fit: fitLinear,
    point: ({ figures: { paths, senders } }) => {
      const samplesPerSecond = Object.values(paths).reduce((sum, path) => sum + path.samplesPerSecond, 0);
      return { x: samplesPerSecond / 1e3, y: senders.cores };
    },
  },
  boardSeconds: {
    of: 'slowest board, seconds',
    by: 'ASEs',
    fit: fitPower,
    onlyCarried: true,
    point: ({ step, figures }) => {
      const slowestMs = slowestBoardMs(figures);
      return slowestMs === undefined ? undefined : { x: step.ases, y: slowestMs / 1e3 };
    },
  },
} satisfies Record<string, Law>;

/** By what grows; what fewer than three different points are known of is left out, as a curve would be a guess. */
export type Growths = Partial<Record<keyof typeof LAWS, Growth>>;

/**
 * The growth of what was measured. Only steps count of which nothing was lost, with the machine as their only limit: what
 * a limit squeezes says nothing about what it takes.
 */
export function growthsOf(rows: readonly ScaleRow[]): Growths {
  const measured = rows.filter(
    (row): row is Measured => row.figures !== null && row.step.limits === 'raised' && !hasLost(row.figures),
  );
  const growths = Object.entries<Law>(LAWS).flatMap(([name, { of, by, fit, point, onlyCarried }]) => {
    const points = measured
      .filter(({ bound }) => !onlyCarried || bound === null)
      .flatMap((row) => point(row) ?? []);
    return new Set(points.map(({ x }) => x)).size < 3 ? [] : [[name, { of, by, fit: fit(points) }]];
  });
  return Object.fromEntries(growths);
}

function hasLost({ paths }: ScaleFigures): boolean {
  return Object.values(paths).some(({ lostPoints }) => lostPoints > 0);
}

export function slowestBoardMs({ boards }: Pick<ScaleFigures, 'boards'>): number | undefined {
  return boards.length === 0 ? undefined : Math.max(...boards.map(({ milliseconds }) => milliseconds));
}

function heapOf(path: Path): Law['point'] {
  return onPath(path, ({ samplesPerExport, collectors: { heapBytes } }, { figures: { asesSeen } }) =>
    heapBytes === null ? undefined : { x: (samplesPerExport * asesSeen) / 1e3, y: heapBytes / 1e6 },
  );
}

function coresOf(path: Path): Law['point'] {
  return onPath(path, ({ samplesPerSecond, collectors: { cores } }) => ({
    x: samplesPerSecond / 1e3,
    y: cores,
  }));
}

function onPath(path: Path, point: (figures: PathFigures, row: Measured) => Point | undefined): Law['point'] {
  return (row) => {
    const figures = row.figures.paths[path];
    return figures && point(figures, row);
  };
}
