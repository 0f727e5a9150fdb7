import { createAdmin, type UsagePreview } from '../admin.ts';
import { messageOf } from '../errors.ts';
import { type Finding, RESTART, together } from './finding.ts';
import type { Patient } from './patient.ts';

/** The usage backend lives. A report that was lost is told, and no trouble: nothing depends on it. */
export async function lookAtUsage(patient: Patient): Promise<Finding> {
  const { playground, lookAtComponent } = patient;
  if (playground.usageUrl === undefined) return { evidence: ['there is no usage report (up --core)'] };
  const backend = await lookAtComponent('usage');
  if (backend.trouble) return backend;
  const ases = playground.ases.map(async ({ name, url }): Promise<Finding> => {
    try {
      return { evidence: [`${name} ${wordsOf(await createAdmin(url, playground.adminToken).usage())}`] };
    } catch (error) {
      const why = `${name} does not say whether it reports: ${messageOf(error)}`;
      return { evidence: [], trouble: { why, fix: RESTART } };
    }
  });
  return together([backend, ...(await Promise.all(ases))]);
}

function wordsOf({ enabled, why, last, nextAt }: UsagePreview): string {
  if (!enabled) return `reports nothing (${why})`;
  if (last === null) return `will report at ${nextAt}`;
  return last.outcome === 'sent' ? `reported at ${last.at}` : `lost a report at ${last.at} (${last.detail})`;
}
