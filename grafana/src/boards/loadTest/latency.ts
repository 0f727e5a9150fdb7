import { COLOUR } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import { timeseries } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { NO_LOAD_YET } from '../../words.ts';
import { TITLE } from './names.ts';

export const latency: Section = {
  title: 'Latency',
  lines: [
    line(
      8,
      [
        12,
        timeseries({
          title: TITLE.payments,
          description:
            'From a client’s first request to the end of its payment (k6: incoming payment, quote and polling included), and from the outgoing payment to its end (the ASEs). k6’s lines climb and the ASEs’ do not: requests wait before they are looked at.',
          unit: 's',
          noValue: NO_LOAD_YET,
          series: [
            { query: Q.load.paymentDuration(0.5), name: 'k6 p50', colour: COLOUR.good },
            { query: Q.load.paymentDuration(0.95), name: 'k6 p95', colour: COLOUR.attention },
            {
              query: Q.payments.duration('outgoing', 0.5),
              name: 'ASEs p50',
              colour: COLOUR.good,
              dashed: true,
            },
            {
              query: Q.payments.duration('outgoing', 0.95),
              name: 'ASEs p95',
              colour: COLOUR.attention,
              dashed: true,
            },
          ],
        }),
      ],
      [
        12,
        timeseries({
          title: TITLE.requestTime,
          description:
            '95 of 100 requests were faster: by the clock of k6, and by those of the ASEs, which begin when they have read the request. A gap between them is time that requests wait in a queue.',
          unit: 's',
          noValue: NO_LOAD_YET,
          series: [
            { query: Q.load.servedDuration(0.95), name: '{{instance}}' },
            { query: Q.load.requestDuration(0.95), name: 'k6', colour: COLOUR.neutral },
          ],
        }),
      ],
    ),
  ],
};
