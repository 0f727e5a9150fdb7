import { COLOUR, QUANTILES } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import { table, textForNone, timeseries } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { NO_TELEMETRY_FROM_ASE, NOTHING_YET } from '../../words.ts';

const NOT_MEASURED = textForNone('–');

/** HTTP requests by OpenTelemetry's conventions. */
export const requests: Section = {
  title: 'HTTP',
  lines: [
    line(
      8,
      [
        8,
        timeseries({
          title: 'Requests a second',
          description:
            'What each ASE answered, /health and /metrics included. It follows the packets: one payment takes some five requests at the sender and at the receiver.',
          unit: 'none',
          noValue: NOTHING_YET,
          series: [{ query: Q.http.perSecondByAse(), name: '{{instance}}' }],
        }),
      ],
      [
        8,
        timeseries({
          title: 'Requests a second, by status',
          description:
            'Of all chosen ASEs. 4xx are refused for what they ask, 5xx fail through the ASE, 499 are clients that went away before their answer.',
          unit: 'none',
          bars: true,
          noValue: NOTHING_YET,
          series: [{ query: Q.http.perSecondByStatus(), name: '{{http_response_status_code}}' }],
          colours: {
            '200': COLOUR.good,
            '201': COLOUR.neutral,
            '500': COLOUR.bad,
            '503': COLOUR.bad,
            '499': COLOUR.attention,
          },
        }),
      ],
      [
        8,
        timeseries({
          title: 'Requests under way over time',
          description:
            'Requests that wait for their answer, by ASE. A floor that rises means that answers are lost or something they wait for is slow.',
          unit: 'none',
          decimals: 0,
          noValue: NOTHING_YET,
          series: [{ query: Q.http.activeByAse(), name: '{{instance}}' }],
        }),
      ],
    ),
    line(
      8,
      [
        8,
        timeseries({
          title: 'Request latency',
          description:
            'Of 100 requests of all chosen ASEs, 50, 95 and 99 were answered within this time. A gap: nobody asked.',
          unit: 's',
          noValue: NOTHING_YET,
          series: QUANTILES.map(({ quantile, name, colour }) => ({
            query: Q.http.latency(quantile),
            name,
            colour,
          })),
        }),
      ],
      [
        16,
        timeseries({
          title: 'Request latency p95, by route',
          description:
            'Which route is slow. /quotes probes the way to the receiver and back; /outgoing-payments answers at once, the payment goes on behind it.',
          unit: 's',
          noValue: NOTHING_YET,
          series: [{ query: Q.http.latencyByRoute(0.95), name: '{{http_route}}' }],
        }),
      ],
    ),
    line(16, [
      24,
      table({
        title: '$instance · requests by route',
        description:
          'All requests since the process began, by route and status; averages of time and bodies. A route is a pattern, never a path, so nobody can make more rows; “_unmatched” is what no route takes.',
        unit: 'none',
        noValue: NO_TELEMETRY_FROM_ASE,
        perAse: { maxPerLine: 2 },
        sortBy: ['Route', 'Status'],
        columns: [
          { title: 'Method', label: 'http_request_method', widthPx: 68 },
          { title: 'Route', label: 'http_route' },
          { title: 'Status', label: 'http_response_status_code', widthPx: 62 },
          { title: 'Requests', query: Q.http.byRoute(), widthPx: 82 },
          {
            title: 'Time',
            query: Q.http.meanDuration(),
            widthPx: 80,
            unit: 's',
            decimals: 1,
            mappings: NOT_MEASURED,
          },
          {
            title: 'Request',
            query: Q.http.meanRequestSize(),
            widthPx: 80,
            unit: 'bytes',
            decimals: 0,
            mappings: NOT_MEASURED,
          },
          {
            title: 'Answer',
            query: Q.http.meanResponseSize(),
            widthPx: 80,
            unit: 'bytes',
            decimals: 0,
            mappings: NOT_MEASURED,
          },
        ],
      }),
    ]),
  ],
};
