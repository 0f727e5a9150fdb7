import { type AlertsReport, readAlerts } from './lib/alerting/read.ts';
import { integer, valued } from './lib/options.ts';
import { requirePlayground } from './lib/playground.ts';
import { columns } from './lib/text.ts';
import { defineVerb } from './lib/verb.ts';

export default defineVerb(import.meta, {
  summary: 'Shows which alerts fire, and what was delivered.',
  details:
    'Each alert has a page in docs/runbooks/. The exit code is 0 while nothing fires and the dead man’s switch is heard, else 1.',
  options: {
    last: valued(
      'N',
      'how many of the newest deliveries; default 10, the sink keeps 200',
      integer({ min: 0, max: 200 }).default(10),
    ),
  },
  json: true,
  async run({ options: { last } }) {
    const report = await readAlerts(await requirePlayground());
    const deliveries =
      report.deliveries && last > 0 ? report.deliveries.slice(-last) : report.deliveries && [];
    const ok = report.firing.length === 0 && report.heartbeat?.ok !== false;
    return { report: { ok, ...report, deliveries }, text: textOf({ ...report, deliveries }), ok };
  },
});

function textOf({ firing, pending, deliveries, heartbeat }: AlertsReport): string {
  const active = [
    ...firing.map((alert) => ({ state: 'FIRING', ...alert })),
    ...pending.map((alert) => ({ state: 'pending', ...alert })),
  ];
  return [
    active.length === 0
      ? 'nothing fires'
      : columns(
          active.flatMap(({ state, severity, name, since, summary, runbook, dashboard }) => [
            [state, severity, name, clock(since), summary],
            ['', '', '', '', `${runbook}  ${dashboard}`],
          ]),
        ),
    '',
    ...delivered(deliveries),
    '',
    heartbeatLine(heartbeat),
  ].join('\n');
}

function delivered(deliveries: AlertsReport['deliveries']): string[] {
  if (deliveries === null) return ['nothing is delivered: up --core has no Alertmanager'];
  if (deliveries.length === 0) return ['nothing was delivered yet'];
  const rows = deliveries.flatMap(({ receivedAtMs, receiver, alerts }) =>
    alerts.map(({ name, status, summary }) => [
      clock(new Date(receivedAtMs).toISOString()),
      `to ${receiver}`,
      status,
      name,
      summary,
    ]),
  );
  return ['delivered:', columns(rows, '  ')];
}

function heartbeatLine(heartbeat: AlertsReport['heartbeat']): string {
  if (heartbeat === null) return '';
  if (heartbeat.ageSeconds === null)
    return 'dead man’s switch: NOT heard yet, see docs/runbooks/DeadMansSwitch.md';
  const age = `heard ${heartbeat.ageSeconds} s ago`;
  return heartbeat.ok
    ? `dead man’s switch: ${age}`
    : `dead man’s switch: ${age}, TOO LONG: docs/runbooks/DeadMansSwitch.md`;
}

function clock(iso: string): string {
  return new Date(iso).toTimeString().slice(0, 8);
}
