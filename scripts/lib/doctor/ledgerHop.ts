import { createAdmin } from '../admin.ts';
import { messageOf } from '../errors.ts';
import { get } from '../http.ts';
import { plural } from '../text.ts';
import type { Reading } from '../truth/compare.ts';
import { ledgerReadings } from '../truth/readHops.ts';
import { type Finding, RESTART, together } from './finding.ts';
import type { Patient } from './patient.ts';

/** The ASEs keep their books, and can take payments. */
export async function lookAtLedgers(patient: Patient): Promise<Finding> {
  const { playground, lookAtComponent } = patient;
  const names = [...playground.ases.map(({ name }) => name), 'rates'];
  // A dead or frozen process first: it is why the others complain.
  const processes = await Promise.all(names.map(lookAtComponent));
  const awake = playground.ases.filter((_, i) => processes[i]!.trouble === undefined);
  const books = await Promise.all(awake.map((ase) => lookAtBooks(patient, ase)));
  return together([...processes, ...books]);
}

async function lookAtBooks({ playground }: Patient, ase: { name: string; url: string }): Promise<Finding> {
  try {
    const report = await createAdmin(ase.url, playground.adminToken).ledger();
    const { payments } = report.inFlight;
    const evidence = [
      `the books of ${ase.name} hold ${plural(report.totals.length, 'total')}, ${plural(payments, 'payment')} under way`,
    ];
    if (report.audit.length > 0) {
      const why = `the books of ${ase.name} do not add up: ${report.audit[0]}`;
      return { evidence, trouble: { why, fix: './playground down --volumes, then ./playground up' } };
    }
    const ready = await get(`${ase.url}/ready`, { timeoutMs: 3000 });
    if (ready.status !== 200) {
      return {
        evidence,
        trouble: {
          why: `${ase.name} cannot take payments: ${missingOf(ready.body)}`,
          fix: './playground up',
        },
      };
    }
    return { evidence };
  } catch (error) {
    const why = `${ase.name} does not show its books: ${messageOf(error)}`;
    return { evidence: [], trouble: { why, fix: RESTART } };
  }
}

/** From /ready: what it waits for, and why. */
function missingOf(body: string): string {
  try {
    const { dependencies } = JSON.parse(body) as {
      dependencies: Record<string, { ok: boolean; required: boolean; detail?: string }>;
    };
    return Object.entries(dependencies)
      .filter(([, { ok, required }]) => required && !ok)
      .map(([name, { detail }]) => `${name} (${detail})`)
      .join(', ');
  } catch {
    return body.slice(0, 200);
  }
}

/** What all ledgers say now; undefined while one of them does not answer. */
export async function readLedgers({ playground }: Patient): Promise<Reading[] | undefined> {
  try {
    const all = playground.ases.map(async (ase) =>
      ledgerReadings(ase, await createAdmin(ase.url, playground.adminToken).ledger()),
    );
    return (await Promise.all(all)).flat();
  } catch {
    return undefined;
  }
}
