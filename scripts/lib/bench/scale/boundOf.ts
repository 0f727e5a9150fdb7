import { mebibytes, plural } from '../../text.ts';
import type { PathFigures, ScaleFigures, ScaleStep } from './scaleRow.ts';

/** Below this share the senders have not sent what was meant to be sent. */
const BEGUN_SHARE = 0.95;
/** Telemetry that comes later than this much beyond its interval piles up somewhere. */
const LATE_MS = 5_000;
const BUSY_SHARE = 0.9;

/** Why a step is not carried, all reasons in one line; null when it is. */
export function boundOf(step: ScaleStep, figures: ScaleFigures): string | null {
  const reasons = [
    ...step.paths.flatMap((path) => {
      const of = figures.paths[path];
      return of ? pathReasons(of, step).map((reason) => `${path}: ${reason}`) : [];
    }),
    ...(figures.asesSeen < step.ases ? [`only ${figures.asesSeen} of ${step.ases} ASEs got through`] : []),
    ...boardReasons(figures),
  ];
  if (reasons.length === 0) return null;
  return [...reasons, ...(isBusy(figures) ? [busyText(figures)] : [])].join('; ');
}

function pathReasons(
  { begunShare, failedExports, lostPoints, lag, collectors, trouble }: PathFigures,
  { intervalSeconds }: ScaleStep,
): string[] {
  const reasons: string[] = [];
  if (begunShare < BEGUN_SHARE) reasons.push(`the senders began ${percent(begunShare)} of their exports`);
  if (failedExports > 0)
    reasons.push(`${plural(failedExports, 'export')} failed${trouble === null ? '' : ` (${trouble})`}`);
  if (lostPoints > 0)
    reasons.push(`collectors with ${heapText(collectors.heapBytes)} refused or dropped ${lostPoints} points`);
  if (lag === null) reasons.push('nothing new was seen in Prometheus');
  else if (lag.p95Ms > LATE_MS) reasons.push(`visible only after ${seconds(lag.p95Ms)} s (p95)`);
  if (lag !== null && lag.stalestMs > 2 * 1000 * intervalSeconds + LATE_MS) {
    reasons.push(`an ASE's newest sample was ${seconds(lag.stalestMs)} s old at the end`);
  }
  return reasons;
}

function boardReasons({ boards, boardsLeftOut }: ScaleFigures): string[] {
  const failing = boards.filter(({ failed }) => failed > 0);
  const each = failing.map(({ uid, failed, queries }) => `${failed} of ${queries} on ${uid}`);
  return [
    ...(each.length > 0 ? [`queries not answered: ${each.join(', ')}`] : []),
    ...(boardsLeftOut > 0 ? [`no time left for ${plural(boardsLeftOut, 'board')}`] : []),
  ];
}

function isBusy({ machineBusyCores, machineCores }: ScaleFigures): boolean {
  return machineBusyCores >= BUSY_SHARE * machineCores;
}

function busyText({ machineBusyCores, machineCores, otherCores }: ScaleFigures): string {
  const others = `${otherCores.toFixed(1)} of them with something else`;
  return `${machineBusyCores.toFixed(1)} of ${machineCores} processors were busy, ${others}`;
}

function heapText(heapBytes: number | null): string {
  return heapBytes === null ? 'an unknown heap' : `a heap of ${mebibytes(heapBytes)}`;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
