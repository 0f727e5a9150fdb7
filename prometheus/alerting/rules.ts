import { stringify } from 'yaml';
import { ADDED_ALERTS } from './addedAlerts.ts';
import type { Alert } from './alert.ts';
import { type Duration, faster, fasterWindow } from './duration.ts';
import { GUIDE_ALERTS } from './guideAlerts.ts';
import { recordingRules } from './recorded.ts';
import type { Sla } from './sla.ts';

export const ALERTS: readonly Alert[] = [...GUIDE_ALERTS, ...ADDED_ALERTS];

export interface RulesContext {
  sla: Sla;
  /** Every duration is divided by it: ALERT_SPEED. */
  speed: number;
  /** Where a panel is seen. */
  panelUrl: (uid: string, title: string) => string;
}

/** The rules file, as text of YAML: all alerts, and the series that they and the boards read. */
export function renderRules(context: RulesContext): string {
  const { sla, speed } = context;
  const { short, long } = recordingRules(sla, speed);
  const groups = [
    { name: 'long windows', interval: faster(LONG_INTERVAL, speed), rules: long },
    {
      name: 'alerts',
      interval: INTERVAL,
      // One group: rules come one after the other, so that alerts see what was recorded just before.
      rules: [...short, ...ALERTS.map((alert) => alertRule(alert, context))],
    },
  ];
  return `${HEADER}${stringify({ groups }, { lineWidth: 0 })}`;
}

/** Long windows read many samples. */
const LONG_INTERVAL: Duration = '1m';
/**
 * Prometheus shows alerts from the third look on, and whoever has just started a playground waits for them. All rules
 * together take some 15 ms.
 */
const INTERVAL: Duration = '1s';
const HEADER = `# Made from prometheus/alerting/ by ./playground dashboards: change it there. \`up\` makes its own copy in the state
# folder, with the SLA_ and ALERT_ settings of .env.
`;

function alertRule(alert: Alert, { sla, speed, panelUrl }: RulesContext) {
  const { name, severity, summary, description, board, labels, alias } = alert;
  return {
    alert: name,
    expr: alert.expr({ sla, window: (window) => fasterWindow(window, speed) }),
    ...(alert.for && { for: faster(alert.for, speed) }),
    labels: { severity, ...labels },
    annotations: {
      summary,
      description,
      runbook: `docs/runbooks/${name}.md`,
      dashboard: panelUrl(board.uid, board.panel),
      ...(alias && { alias: `the guide's ${alias}` }),
    },
  };
}
