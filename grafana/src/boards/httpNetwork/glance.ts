import { COLOUR } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import { stat, textForNone } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { NO_TELEMETRY } from '../../words.ts';

/** What the ASEs serve at this moment. */
export const glance: Section = {
  lines: [
    line(
      4,
      [
        4,
        stat({
          title: 'Requests/s, now',
          description:
            'HTTP requests that the chosen ASEs answered in the last seconds: packets of peers (/ilp), the API, and looks at /health and /metrics. 0 while payments run: nobody reaches them.',
          query: Q.http.perSecond(),
          unit: 'none',
          decimals: 1,
          colour: COLOUR.neutral,
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        4,
        stat({
          title: 'Server errors, now',
          description:
            'Share of requests answered 500 or more in the last seconds: the fault of the ASE or of what it depends on, not of who asked. Above 0: see the table by route, and Connector health.',
          query: Q.http.errorShare(),
          unit: 'percentunit',
          decimals: 1,
          colour: COLOUR.good,
          steps: [[0.001, COLOUR.bad]],
          mappings: textForNone('no requests now'),
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        4,
        stat({
          title: 'Latency p95, now',
          description:
            'Of 100 requests, 95 were answered within this time in the last seconds. Quotes and packets wait for peers, so it is longer than the ASE alone needs.',
          query: Q.http.latencyNow(0.95),
          unit: 's',
          decimals: 1,
          colour: COLOUR.good,
          steps: [
            [0.25, COLOUR.attention],
            [1, COLOUR.bad],
          ],
          mappings: textForNone('no requests now'),
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        4,
        stat({
          title: 'Under way',
          description:
            'Requests that wait for their answer at this moment. It breathes with the traffic; a level that rises and stays is a slow peer, chain or disk.',
          query: Q.http.active(),
          unit: 'none',
          colour: COLOUR.neutral,
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        4,
        stat({
          title: 'Open connections',
          description:
            'TCP connections of the chosen ASEs that are open now, to them and from them. An ASE takes at most 1000; above that it refuses, which the last graph shows.',
          query: Q.sockets.openNow(),
          unit: 'none',
          colour: COLOUR.neutral,
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        4,
        stat({
          title: 'Wallet visits',
          description:
            'How often somebody asked for a wallet address in the last hour, as a sender does before it pays; whose address it was is told nowhere.',
          query: Q.http.visitsInLastHour(),
          unit: 'none',
          colour: COLOUR.neutral,
          noValue: NO_TELEMETRY,
        }),
      ],
    ),
  ],
};
