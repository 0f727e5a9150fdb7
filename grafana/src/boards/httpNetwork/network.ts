import { linkTo } from '../../board.ts';
import { COLOUR } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import { timeseries } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { NOTHING_YET } from '../../words.ts';
import { CONNECTOR_HEALTH_UID } from '../connectorHealth/names.ts';

/** Connections and bytes of the processes, whatever they carry. */
export const network: Section = {
  title: 'Network',
  lines: [
    line(
      8,
      [
        12,
        timeseries({
          title: 'Bytes a second',
          description:
            'Over all TCP connections of each ASE: requests, packets, telemetry. Dashed is what it sends. Telemetry goes out every second, so there is a floor without any payment.',
          unit: 'binBps',
          noValue: NOTHING_YET,
          series: [
            { query: Q.sockets.bytesPerSecond('receive'), name: '{{instance}} in' },
            { query: Q.sockets.bytesPerSecond('transmit'), name: '{{instance}} out', dashed: true },
          ],
        }),
      ],
      [
        12,
        timeseries({
          title: 'Bytes of bodies a second',
          description:
            'What HTTP requests and answers carry, without headers. Far below Bytes a second: most bytes are headers, telemetry or requests of the ASE’s own.',
          unit: 'binBps',
          noValue: NOTHING_YET,
          series: [
            {
              query: Q.http.bodiesPerSecond('http_server_request_body_size_bytes'),
              name: '{{instance}} requests',
            },
            {
              query: Q.http.bodiesPerSecond('http_server_response_body_size_bytes'),
              name: '{{instance}} answers',
              dashed: true,
            },
          ],
        }),
      ],
    ),
    line(
      8,
      [
        8,
        timeseries({
          title: 'Open connections over time',
          description:
            'TCP connections, by who opened them: “server” others, “client” (dashed) the ASE itself. Peers keep theirs; a line that only rises is a leak of connections.',
          unit: 'none',
          decimals: 0,
          noValue: NOTHING_YET,
          series: [
            { query: Q.sockets.open('server'), name: '{{instance}} server' },
            { query: Q.sockets.open('client'), name: '{{instance}} client', dashed: true },
          ],
          links: [linkTo(CONNECTOR_HEALTH_UID, 'Connector health')],
        }),
      ],
      [
        8,
        timeseries({
          title: 'New connections a minute',
          description:
            'By what became of them. Failed: who was asked does not listen. Refused: there were 1000 already. Many new ones with few open: somebody does not keep them.',
          unit: 'none',
          noValue: NOTHING_YET,
          series: [{ query: Q.sockets.newPerMinute(), name: '{{side}} {{outcome}}' }],
          colours: {
            'server accepted': COLOUR.neutral,
            'server refused': COLOUR.bad,
            'client established': COLOUR.other,
            'client failed': COLOUR.attention,
          },
        }),
      ],
      [
        8,
        timeseries({
          title: 'Wallet visits a minute',
          description:
            'Requests for wallet addresses, by whether there is such a wallet. Many “unknown”: somebody guesses names, or a sender has an old address.',
          unit: 'none',
          noValue: NOTHING_YET,
          series: [{ query: Q.http.visitsPerMinute(), name: '{{outcome}}' }],
          colours: { found: COLOUR.good, unknown: COLOUR.attention },
        }),
      ],
    ),
  ],
};
