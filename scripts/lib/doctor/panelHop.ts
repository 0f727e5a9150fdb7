import { chromium } from '@playwright/test';
import { type AssertedCell, assertedCells } from '../../../grafana/src/assertedCells.ts';
import type { Reading as CellReading } from '../../../grafana/src/cells.ts';
import { messageOf } from '../errors.ts';
import { findOrInstallBrowser } from '../tools/browser.ts';
import { createProgress } from '../tools/progress.ts';
import { openBoardReader } from '../truth/readPanels.ts';
import { keyOf } from '../truth/row.ts';
import type { Finding } from './finding.ts';
import { readLedgers } from './ledgerHop.ts';
import type { Patient } from './patient.ts';

const SHOWN_WITHIN_MS = 40_000;
const RANGE_MS = 15 * 60_000;

/** A panel in a browser shows the ledger's number; payments may go on meanwhile. */
export async function lookAtPanel(patient: Patient): Promise<Finding> {
  const executable = await findBrowser(patient);
  if (executable === undefined) return { evidence: ['not looked at: no Chromium on this machine'] };
  const before = await readLedgers(patient);
  if (!before)
    return {
      evidence: [],
      trouble: { why: 'not looked at: not every ledger answers', fix: './playground up' },
    };
  const cells = assertedCells(patient.playground.ases).filter((cell) => totalOf(cell) !== undefined);
  // One board is enough to know that panels work; `truth --panels` reads them all.
  const onBoard = cells.filter(({ boardUid }) => boardUid === cells[0]!.boardUid);
  const instances = patient.playground.ases.map(({ name }) => name);
  const reader = await openBoardReader(executable, {
    dashboardsUrl: patient.playground.dashboardsUrl,
    instances,
  });
  try {
    const atLeast = new Map(before.map((reading) => [keyOf(reading), BigInt(reading.value.split('.')[0]!)]));
    const isRight = (text: string | null, i: number) =>
      text !== null && /^-?\d+$/.test(text) && BigInt(text) >= (atLeast.get(keyOfCell(onBoard[i]!)) ?? 0n);
    const toMs = Date.now();
    const texts = await reader.read(
      onBoard,
      { fromMs: toMs - RANGE_MS, toMs },
      (shown) => shown.every(isRight),
      SHOWN_WITHIN_MS,
    );
    const after = new Map(
      ((await readLedgers(patient)) ?? before).map((reading) => [keyOf(reading), reading.value]),
    );
    const wrong = onBoard.findIndex((cell, i) => {
      const latest = after.get(keyOfCell(cell));
      return !isRight(texts[i]!, i) || (latest !== undefined && BigInt(texts[i]!) > BigInt(latest));
    });
    if (wrong < 0) return { evidence: [`${onBoard.length} numbers on a rendered board are the ledgers'`] };
    const { boardUid, panelTitle } = onBoard[wrong]!;
    const shown = texts[wrong] === null ? 'nothing' : JSON.stringify(texts[wrong]);
    const ledger = after.get(keyOfCell(onBoard[wrong]!));
    const why = `the panel "${panelTitle}" of the board ${boardUid} shows ${shown}, the ledger says ${ledger}`;
    return {
      evidence: [],
      trouble: { why, fix: './playground dashboards writes the boards anew; then truth --panels' },
    };
  } catch (error) {
    const why = `the board cannot be opened: ${messageOf(error).split('\n')[0]}`;
    return { evidence: [], trouble: { why, fix: './playground logs --component dashboards shows more' } };
  } finally {
    await reader.close();
  }
}

/** A look must not install anything. */
async function findBrowser({ say, signal }: Patient): Promise<string | undefined> {
  try {
    return await findOrInstallBrowser({
      environment: process.env,
      playwrightBrowser: chromium.executablePath(),
      isRoot: false,
      progress: createProgress({ say, terminal: undefined }),
      signal,
    });
  } catch {
    return undefined;
  }
}

function totalOf({ value }: AssertedCell): CellReading | undefined {
  return value.kind === 'sum' && value.of.length === 1 && value.of[0]!.window === 'total'
    ? value.of[0]
    : undefined;
}

function keyOfCell(cell: AssertedCell): string {
  const { instance, quantity, labels } = totalOf(cell)!;
  return keyOf({ ase: instance, quantity, labels });
}
