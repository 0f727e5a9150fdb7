import { createAdmin } from './lib/admin.ts';
import { messageOf, VerbError } from './lib/errors.ts';
import { flag } from './lib/options.ts';
import { requirePlayground } from './lib/playground.ts';
import { readAllReports } from './lib/usage/readReports.ts';
import { daysText, previewText } from './lib/usage/text.ts';
import { defineVerb } from './lib/verb.ts';

export default defineVerb(import.meta, {
  summary: 'Shows which usage reports came, and what the next one would say.',
  details: [
    'Each ASE of the playground reports to the playground’s own backend, a few seconds after its first start and then once',
    'a day, and to nobody else. USAGE_REPORT=false (or DO_NOT_TRACK=1) before `up` switches it off. (docs/usage-report.md)',
  ].join('\n'),
  options: {
    dryRun: flag('what each ASE would send, to the letter, to whom and when; nothing is sent by looking'),
  },
  json: true,
  async run({ options }) {
    const { ases, adminToken, usageUrl } = await requirePlayground();
    if (options.dryRun) {
      const previews = await Promise.all(
        ases.map(async ({ name, url }) => ({
          ase: name,
          ...(await createAdmin(url, adminToken).usage().catch(away(name))),
        })),
      );
      return { report: { ases: previews }, text: previewText(previews) };
    }
    if (usageUrl === undefined) {
      throw new VerbError('there is no usage backend, and nobody reports: it was started with `up --core`', [
        './playground usage --dry-run shows what would be sent',
      ]);
    }
    const { days, complete } = await readAllReports(usageUrl).catch(away('the usage backend'));
    return { report: { days, complete }, text: daysText(days, complete) };
  },
});

/** Ends the verb with one clear line. */
function away(who: string): (error: unknown) => never {
  return (error) => {
    throw new VerbError(`${who} does not answer: ${messageOf(error)}`, [
      './playground status shows who is away, ./playground up starts it again',
    ]);
  };
}
