import type { PathFigures, ScaleFigures, ScaleRow, ScaleStep } from './scaleRow.ts';

/** What an ASE has in the rows below. */
export const PER_ASE = { operator: 600, network: 40 };

const USAGE = { cores: 0.1, rssBytes: 50e6, heapBytes: 10e6 };

/** A row as a step gives it that is carried with ease, and by laws that are known. */
export function scaleRow(
  step: Partial<ScaleStep> = {},
  change: (figures: ScaleFigures) => void = () => {},
  bound: string | null = null,
): ScaleRow {
  const full: ScaleStep = {
    ases: 10,
    intervalSeconds: 1,
    paths: ['operator', 'network'],
    limits: 'raised',
    ...step,
  };
  const figures = figuresOf(full);
  change(figures);
  return { step: full, figures, bound };
}

function figuresOf({ ases, intervalSeconds, paths }: ScaleStep): ScaleFigures {
  const series = ases * (PER_ASE.operator + PER_ASE.network);
  const samplesPerSecond = series / intervalSeconds;
  return {
    seconds: 15,
    asesSeen: ases,
    series,
    samplesPerSecond,
    prometheus: { cores: 0.05 + samplesPerSecond * 1e-5, rssBytes: 60e6 + series * 4000, heapBytes: 20e6 },
    rulesSeconds: 0.01,
    senders: { ...USAGE, heapBytes: null },
    eventLoopDelayP99Ms: 5,
    machineBusyCores: 0.5,
    otherCores: 0.1,
    machineCores: 2,
    diskBytes: 1e6,
    paths: Object.fromEntries(paths.map((path) => [path, pathFigures(PER_ASE[path], ases, intervalSeconds)])),
    boards: [{ uid: 'payments', queries: 30, milliseconds: 100 * ases ** 0.5, failed: 0, answerBytes: 1000 }],
    boardsLeftOut: 0,
  };
}

function pathFigures(samplesPerExport: number, ases: number, intervalSeconds: number): PathFigures {
  const series = samplesPerExport * ases;
  const samplesPerSecond = series / intervalSeconds;
  return {
    samplesPerSecond,
    samplesPerExport,
    begunShare: 1,
    failedExports: 0,
    lostPoints: 0,
    queued: 0,
    collectors: { cores: 0.01 + samplesPerSecond * 1e-5, rssBytes: 50e6, heapBytes: 8e6 + series * 500 },
    waitP95Ms: 20,
    lag: { p50Ms: 50, p95Ms: 120, seen: 150, stalestMs: 900 },
    trouble: null,
  };
}
