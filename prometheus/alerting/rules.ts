import { stringify } from 'yaml';
import { ADDED_ALERTS } from './addedAlerts.ts';
import type { Alert } from './alert.ts';
import { faster, fasterWindow } from './duration.ts';
import { GUIDE_ALERTS } from './guideAlerts.ts';
import { recordingGroups } from './recorded.ts';
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
  const groups = [
    ...recordingGroups(sla, speed),
    { name: 'alerts of the guide', rules: GUIDE_ALERTS.map((alert) => alertRule(alert, context)) },
    { name: 'budgets and pipeline', rules: ADDED_ALERTS.map((alert) => alertRule(alert, context)) },
  ];
  return `${HEADER}${stringify({ groups }, { lineWidth: 0 })}`;
}

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
