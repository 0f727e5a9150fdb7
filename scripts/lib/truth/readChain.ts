import { z } from 'zod';
import { CHAIN_CHANNEL } from '../../../apps/chain/src/wire.ts';
import type { Admin, SettlementReport } from '../admin.ts';
import { messageOf } from '../errors.ts';
import { firstLine, get } from '../http.ts';
import type { Playground } from '../playground.ts';
import type { TruthRow } from './row.ts';

export interface ChainTruth {
  rows: TruthRow[];
  problems: string[];
  /** Why there are fewer rows than there could be. */
  notes: string[];
}

/** What an ASE owns on a chain outside of channels; and what is in the channels by which it pays. */
const ON_CHAIN = 'settlement_on_chain_units';
const IN_CHANNELS = 'settlement_in_channels_units';

type Report = Extract<SettlementReport, { enabled: true }> & { ase: string };

const TIMEOUT_MS = 5000;
const BALANCE = z.object({ units: z.string() });
const AUDIT = z.object({ problems: z.array(z.string()) });

/** Compares what the books say is on the chains with what the chains say, and asks these for their own audit. */
export async function chainTruth(
  { ases, chainUrl }: Pick<Playground, 'ases' | 'chainUrl'>,
  admins: readonly Admin[],
): Promise<ChainTruth> {
  const all = await Promise.all(admins.map((admin) => admin.settlement()));
  const reports = all.flatMap((report, i): Report[] =>
    report.enabled ? [{ ...report, ase: ases[i]!.name }] : [],
  );
  if (reports.length === 0)
    return { rows: [], problems: [], notes: ['settlement is off: nothing on a chain was compared'] };
  try {
    const [own, channels, { problems }] = await Promise.all([
      Promise.all(reports.map((report) => ownRows(chainUrl, report))),
      channelRows(chainUrl, reports),
      read(AUDIT, `${chainUrl}/audit`),
    ]);
    return {
      rows: [...own.flat(), ...channels],
      problems: problems.map((problem) => `chain: ${problem}`),
      notes: [],
    };
  } catch (error) {
    return { rows: [], problems: [`chain: ${messageOf(error)}`], notes: [] };
  }
}

function ownRows(chainUrl: string, { ase, chains }: Report): Promise<TruthRow[]> {
  return Promise.all(
    chains.flatMap(({ method, address, tokens }) =>
      tokens.map(async ({ token, units }) => {
        const found = await read(BALANCE, `${chainUrl}/${method}/balances/${address}?token=${token}`);
        return row(ON_CHAIN, ase, { method, token }, units, found.units);
      }),
    ),
  );
}

/** By payer and chain: what its channels hold is in its own books, or in those of the payee that has a claim to it. */
async function channelRows(chainUrl: string, reports: readonly Report[]): Promise<TruthRow[]> {
  const every = reports.flatMap((report) => report.channels);
  const rows = reports.flatMap(({ ase, channels, chains }) =>
    chains.map(async ({ method }) => {
      const own = channels.filter((one) => one.role === 'out' && one.method === method);
      const ids = new Set(own.map(({ id }) => id));
      const booked = every
        .filter(({ id }) => ids.has(id))
        .reduce((sum, one) => sum + BigInt(one.bookedUnits), 0n);
      const live = own.filter(({ state }) => state !== 'closed' && state !== 'failed');
      const held = await Promise.all(live.map(({ id }) => heldIn(chainUrl, method, id)));
      return row(
        IN_CHANNELS,
        ase,
        { method },
        String(booked),
        String(held.reduce((sum, units) => sum + units, 0n)),
      );
    }),
  );
  return Promise.all(rows);
}

async function heldIn(chainUrl: string, method: string, id: string): Promise<bigint> {
  const { status, body } = await get(`${chainUrl}/${method}/channels/${id}`, { timeoutMs: TIMEOUT_MS });
  if (status === 404) return 0n;
  const { state, funded, redeemed } = CHAIN_CHANNEL.parse(JSON.parse(body));
  return state === 'closed' ? 0n : BigInt(funded) - BigInt(redeemed);
}

function row(
  quantity: string,
  ase: string,
  labels: Record<string, string>,
  ledger: string,
  chain: string,
): TruthRow {
  const nowhere = { sdk: null, collector: null, prometheus: null, panel: null, where: null };
  return { quantity, ase, labels, ledger, ...nowhere, chain, equal: ledger === chain };
}

async function read<S extends z.ZodType>(shape: S, url: string): Promise<z.output<S>> {
  const { status, body } = await get(url, { timeoutMs: TIMEOUT_MS });
  if (status !== 200) throw new Error(`answers ${status}: ${firstLine(body)}`);
  return shape.parse(JSON.parse(body));
}
