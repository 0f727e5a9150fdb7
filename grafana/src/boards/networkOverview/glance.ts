import { linkAcross } from '../../board.ts';
import { DOLLAR_DECIMALS } from '../../cells.ts';
import { COLOUR } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import { DOLLARS, stat, textForNone } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { BASE_NOTE, NO_NETWORK, NO_TRANSACTIONS } from '../../words.ts';
import { PRIVACY_LAB_UID } from '../privacyLab/names.ts';
import { SHOWN_WINDOWS, TITLE } from './names.ts';

const EXACT =
  'The window ends where the time range ends and counts what happened in it, without extrapolation.';

/** One row for each window, one column for each metric. */
export const glance: Section = {
  lines: SHOWN_WINDOWS.map(({ id, text }) =>
    line(
      4,
      [
        8,
        stat({
          title: TITLE.transactions(text),
          description: `Outgoing payments that ended and were at least partly successful, of all chosen sources. ${EXACT} Counts are exact, whatever the privacy mechanism. Stands still while payments go on: an ASE opted out, or a network collector is away (\`./playground doctor\`).`,
          query: Q.network.transactions(id),
          unit: 'none',
          colour: COLOUR.neutral,
          noValue: NO_NETWORK,
        }),
      ],
      [
        8,
        stat({
          title: TITLE.value(text),
          description: `What fulfilled packets of those sources carried, counted where they were sent. ${BASE_NOTE} ${EXACT} Each sender’s privacy mechanism has been over it: the privacy lab shows how far it may be from the truth.`,
          query: Q.network.value(id),
          unit: DOLLARS,
          decimals: DOLLAR_DECIMALS.short,
          colour: COLOUR.other,
          noValue: NO_NETWORK,
          links: [linkAcross(PRIVACY_LAB_UID, 'Privacy lab')],
        }),
      ],
      [
        8,
        stat({
          title: TITLE.average(text),
          description: `Value ÷ transactions of the same window. ${BASE_NOTE} With few transactions the noise of privacy is most of it; with many it hardly shows.`,
          query: Q.network.average(id),
          unit: DOLLARS,
          decimals: DOLLAR_DECIMALS.short,
          colour: COLOUR.quiet,
          mappings: textForNone(NO_TRANSACTIONS),
          noValue: NO_NETWORK,
        }),
      ],
    ),
  ),
};
