import { stringify } from 'yaml';
import type { Severity } from './alert.ts';
import { faster } from './duration.ts';

export interface AlertmanagerContext {
  /** Where every delivery goes: the playground's own sink. */
  sinkUrl: string;
  /** How long alerts are gathered is divided by it: ALERT_SPEED. */
  speed: number;
  /** Files that hold one secret each; left out: that receiver is off. */
  /** `channel` is ALERT_SLACK_CHANNEL, without its #. */
  slack?: { urlFile: string; channel: string };
  pagerduty?: { keyFile: string };
}

/**
 * Alertmanager's configuration, as text of YAML: the guide's grouping, times and routes, and a route for every
 * severity (the guide has none for `high`). Secrets stay in their files; only their names are in here.
 */
export function renderAlertmanager(context: AlertmanagerContext): string {
  const gather = faster('10s', context.speed);
  const told = TOLD.map(({ severity, slack, pagerduty }) =>
    receiver(severity, context, { slack, pagerduty }),
  );
  return `${HEADER}${stringify(
    {
      global: { resolve_timeout: '5m' },
      route: {
        receiver: UNROUTED,
        group_by: ['alertname', 'severity'],
        group_wait: gather,
        group_interval: gather,
        repeat_interval: '1h',
        routes: [
          ...TOLD.map(({ severity }) => ({ matchers: [`severity="${severity}"`], receiver: severity })),
          {
            matchers: ['severity="heartbeat"'],
            receiver: 'heartbeat',
            group_wait: '0s',
            group_interval: gather,
            repeat_interval: gather,
          },
        ],
      },
      receivers: [
        ...told,
        receiver('heartbeat', context, {}, false),
        // Nothing of ours comes here: a severity that somebody adds without a route is still told.
        receiver(UNROUTED, context, { slack: true }),
      ],
      inhibit_rules: [
        {
          source_matchers: ['severity="critical"'],
          target_matchers: ['severity="warning"'],
          equal: ['alertname'],
        },
        // What is down is also slow and fails; one message is enough. How much memory it took may be why.
        {
          source_matchers: ['alertname="ConnectorDown"'],
          target_matchers: ['severity=~"high|warning"', 'alertname!="HighMemoryUsage"'],
          equal: ['instance'],
        },
        {
          source_matchers: ['alertname=~".+BudgetBurnsFast"'],
          target_matchers: ['alertname=~".+BudgetBurnsSlowly"'],
          equal: ['instance', 'slo'],
        },
      ],
    },
    { lineWidth: 0 },
  )}`;
}

const HEADER = `# Made from prometheus/alerting/alertmanager.ts by ./playground dashboards: change it there. \`up\` makes its own copy in
# the state folder, with Slack and PagerDuty if .env says so.
`;
const UNROUTED = 'unrouted';

/** As the guide has it: PagerDuty for what is critical, Slack for the rest. */
const TOLD: readonly { severity: Severity; slack?: boolean; pagerduty?: boolean }[] = [
  { severity: 'critical', pagerduty: true },
  { severity: 'high', slack: true },
  { severity: 'warning', slack: true },
];

function receiver(
  name: string,
  { sinkUrl, slack, pagerduty }: AlertmanagerContext,
  wants: { slack?: boolean | undefined; pagerduty?: boolean | undefined },
  sendResolved = true,
) {
  return {
    name,
    webhook_configs: [{ url: sinkUrl, send_resolved: sendResolved, max_alerts: MAX_ALERTS }],
    ...(wants.slack &&
      slack && {
        slack_configs: [
          {
            api_url_file: slack.urlFile,
            channel: `#${slack.channel}`,
            send_resolved: true,
            title: '{{ .Status | toUpper }}: {{ .CommonAnnotations.summary }}',
            text: '{{ .CommonAnnotations.description }}',
          },
        ],
      }),
    ...(wants.pagerduty &&
      pagerduty && {
        pagerduty_configs: [
          {
            service_key_file: pagerduty.keyFile,
            severity: '{{ .CommonLabels.severity }}',
            description: '{{ .CommonAnnotations.summary }}',
          },
        ],
      }),
  };
}

/** In one delivery; the sink keeps no more of them. */
const MAX_ALERTS = 64;
