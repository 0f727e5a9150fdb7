import { COLOUR, QUANTILES } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import { SHORT_DOLLARS, timeseries } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { BASE_NOTE, NO_NETWORK_YET } from '../../words.ts';

const lines = { noValue: NO_NETWORK_YET };

export const overTime: Section = {
  title: 'Over time',
  lines: [
    line(
      8,
      [
        12,
        timeseries({
          ...lines,
          title: 'Transactions a minute',
          description:
            'Payments that ended, a line for each source, as a pace over some seconds, or over a minute for one that exports seldom. A line that falls to 0 while others run: that source has no traffic; one that ends: it is not heard any more.',
          unit: 'none',
          series: [{ query: Q.network.transactionsPerMinute(), name: '{{source}}' }],
        }),
      ],
      [
        12,
        timeseries({
          ...lines,
          title: 'Dollars a minute',
          description: `Dollars a minute, a line for each source, after its privacy mechanism: noise makes steps and flats of what was smooth. ${BASE_NOTE}`,
          unit: SHORT_DOLLARS,
          series: [{ query: Q.network.valuePerMinute(), name: '{{source}}' }],
        }),
      ],
    ),
  ],
};

export const besides: Section = {
  title: 'What a Rafiki tells besides',
  lines: [
    line(
      8,
      [
        12,
        timeseries({
          ...lines,
          title: 'Packets a minute',
          description:
            'Packets of own outgoing payments of all chosen sources: prepared is fulfilled and rejected together, once replies are there. A red line that follows the blue one means that the network refuses what it is asked to carry.',
          unit: 'none',
          series: [
            {
              query: Q.network.packetsPerMinute('packet_count_prepare_total'),
              name: 'prepared',
              colour: COLOUR.neutral,
            },
            {
              query: Q.network.packetsPerMinute('packet_count_fulfill_total'),
              name: 'fulfilled',
              colour: COLOUR.good,
              dashed: true,
            },
            {
              query: Q.network.packetsPerMinute('packet_count_reject_total'),
              name: 'rejected',
              colour: COLOUR.bad,
            },
          ],
        }),
      ],
      [
        12,
        timeseries({
          ...lines,
          title: 'Fees a minute',
          description: `What each source kept of its customers’ payments, in dollars a minute. A fee tells the amount of its payment, so ASEs here send it through the privacy mechanism as well; Rafiki sends it as it is. Fees are small beside what hides them, so for a long time the lines jump and rest and say little. ${BASE_NOTE}`,
          unit: SHORT_DOLLARS,
          series: [{ query: Q.network.feesPerMinute(), name: '{{source}}' }],
        }),
      ],
    ),
    line(
      8,
      [
        12,
        timeseries({
          ...lines,
          title: 'Pay time',
          description:
            'Time to send an outgoing payment over ILP, for 50, 95 and 99 of 100, of all chosen sources together. Quantiles are read from buckets, so they are as coarse as these. It grows with the number of packets and with their way.',
          unit: 'ms',
          series: QUANTILES.map(({ quantile, name, colour }) => ({
            query: Q.network.payTime(quantile),
            name,
            colour,
          })),
        }),
      ],
      [
        12,
        timeseries({
          ...lines,
          title: 'Prepare processing time',
          description:
            'Time from a Prepare of an outgoing payment to its reply, in the sender’s connector and beyond, for 50, 95 and 99 of 100. When it grows at all sources, the network is slow; when at one, that sender is.',
          unit: 'ms',
          series: QUANTILES.map(({ quantile, name, colour }) => ({
            query: Q.network.prepareTime(quantile),
            name,
            colour,
          })),
        }),
      ],
    ),
  ],
};
