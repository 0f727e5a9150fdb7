import { z } from 'zod';
import { MECHANISMS } from '../apps/ase/src/telemetry/privacy/mechanism.ts';
import { createAdmin, type PrivacyChange } from './lib/admin.ts';
import { messageOf, VerbError } from './lib/errors.ts';
import { oneOf, valued } from './lib/options.ts';
import { requirePlayground } from './lib/playground.ts';
import { type AsePrivacy, privacyText } from './lib/privacyText.ts';
import { defineVerb } from './lib/verb.ts';

const EPSILON_REASON = 'must be from 0.001 to 100, with at most three digits after the point';
const epsilon = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,3})?$/, EPSILON_REASON)
  .transform(Number)
  .refine((value) => value > 0 && value <= 100, EPSILON_REASON);

export default defineVerb(import.meta, {
  summary: 'Shows what privacy does to the shared totals, and chooses another mechanism or ε.',
  details: [
    'A change holds for every ASE whose network telemetry is on, from its next export on, also after a restart. What',
    'was told before stays told: a shared counter goes on from there and never goes down.',
    '',
    'off        exact',
    'rafiki     its buckets and noise, biased',
    'unbiased   right in the mean, noise for each packet',
    'continual  noise that grows with the logarithm of time',
    '',
    'docs/privacy.md tells more.',
  ].join('\n'),
  options: {
    mechanism: valued('M', MECHANISMS.join(', '), oneOf(MECHANISMS).optional()),
    epsilon: valued('E', 'smaller protects more and is noisier; 0.001 to 100', epsilon.optional()),
  },
  json: true,
  async run({ options }) {
    const { ases, adminToken } = await requirePlayground();
    const change: PrivacyChange = {
      ...(options.mechanism !== undefined && { mechanism: options.mechanism }),
      ...(options.epsilon !== undefined && { epsilon: options.epsilon }),
    };
    const reports = await Promise.all(
      ases.map(({ name, url }) => ask(name, createAdmin(url, adminToken), change)),
    );
    const on = reports.filter(({ enabled }) => enabled);
    if (on.length === 0) {
      throw new VerbError('network telemetry is off: nothing is shared, so there is nothing to protect', [
        'up without --core has it on; docs/network-telemetry.md says how to opt in and out',
      ]);
    }
    return { report: { ases: reports }, text: privacyText(reports) };
  },
});

async function ask(
  ase: string,
  admin: ReturnType<typeof createAdmin>,
  change: PrivacyChange,
): Promise<AsePrivacy> {
  try {
    const now = await admin.privacy();
    const isChange = Object.keys(change).length > 0;
    return { ase, ...(now.enabled && isChange ? await admin.choosePrivacy(change) : now) };
  } catch (error) {
    throw new VerbError(`${ase} does not answer: ${messageOf(error)}`, [
      './playground status shows who is away, ./playground up starts it again',
    ]);
  }
}
