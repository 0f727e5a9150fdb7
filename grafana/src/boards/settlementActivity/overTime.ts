import { SETTLEMENT_METHODS } from '../../../../telemetry/catalogue.ts';
import { COLOUR, QUANTILES } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import { timeseries } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { NO_SETTLEMENTS_YET, NOTHING_YET, UNIT_NOTE } from '../../words.ts';

export const overTime: Section = {
  title: 'Over time',
  lines: [
    line(
      8,
      [
        12,
        timeseries({
          title: 'What is owed to peers',
          description: `The saw-tooth of settlement: what an ASE owes a peer grows with payments, and falls to the settle-to amount when the threshold is reached. ${UNIT_NOTE} A line far above its threshold: settlement is held up.`,
          unit: 'short',
          anyValue: true,
          noValue: NOTHING_YET,
          series: [
            { query: Q.peers.balanceOverTime(), name: '{{instance}} with {{peer_id}} ({{token_id}})' },
          ],
        }),
      ],
      [
        12,
        timeseries({
          title: 'Settlements a minute',
          description:
            'How often each ASE pays its peers, by chain. More often than the traffic explains? The threshold is too low.',
          unit: 'none',
          decimals: 1,
          noValue: NOTHING_YET,
          series: SETTLEMENT_METHODS.map((method) => ({
            query: Q.settlement.perMinute(method),
            name: `{{instance}} on ${method}`,
            dashed: method === 'evm',
          })),
        }),
      ],
    ),
    line(
      8,
      [
        12,
        timeseries({
          title: 'Value settled a minute',
          description: `What each ASE pays its peers, in the smallest units of the token. ${UNIT_NOTE} Over a long time it follows the one-sided part of the payments.`,
          unit: 'short',
          noValue: NOTHING_YET,
          series: SETTLEMENT_METHODS.map((method) => ({
            query: Q.settlement.paidPerMinute(method),
            name: `{{instance}} on ${method} ({{token}})`,
            dashed: method === 'evm',
          })),
        }),
      ],
      [
        12,
        timeseries({
          title: 'Settlement latency',
          description:
            'From the decision to settle to the peer’s answer. Most take milliseconds: a claim is a message. The slow ones had to wait for the chain, which opened a channel or added to one. A point is one traced settlement, and leads to its trace.',
          unit: 's',
          noValue: NO_SETTLEMENTS_YET,
          series: QUANTILES.map(({ quantile, ...line }) => ({
            query: Q.settlement.latency(quantile),
            ...line,
          })),
        }),
      ],
    ),
    line(
      7,
      [
        12,
        timeseries({
          title: 'Payment channels by state',
          description:
            'Channels that are not closed, seen from both ends. Opening and closing take a few blocks; disputed for longer than that: the chain makes no blocks.',
          unit: 'none',
          noValue: NOTHING_YET,
          series: [{ query: Q.settlement.channelsOverTime(), name: '{{status}}' }],
          colours: {
            opening: COLOUR.other,
            open: COLOUR.good,
            closing: COLOUR.attention,
            disputed: COLOUR.bad,
          },
        }),
      ],
      [
        12,
        timeseries({
          title: 'On the chains, a minute',
          description:
            'How often money was put into channels, and (dashed) transactions that a reorganisation took back before they were final. Those come back in a later block; nothing is booked before it is final.',
          unit: 'none',
          decimals: 1,
          noValue: NOTHING_YET,
          series: [
            { query: Q.settlement.fundedPerMinute(), name: '{{instance}} funds on {{method}}' },
            {
              query: Q.settlement.reorgsPerMinute(),
              name: '{{instance}} reorged on {{method}}',
              dashed: true,
            },
          ],
        }),
      ],
    ),
  ],
};
