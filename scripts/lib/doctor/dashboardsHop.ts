import { ALERTS_UID } from '../../../grafana/src/boards/alertsSlos/names.ts';
import { CONNECTOR_HEALTH_UID } from '../../../grafana/src/boards/connectorHealth/names.ts';
import { CONNECTOR_OVERVIEW_UID } from '../../../grafana/src/boards/connectorOverview/names.ts';
import { HTTP_NETWORK_UID } from '../../../grafana/src/boards/httpNetwork/names.ts';
import { LOAD_TEST_UID } from '../../../grafana/src/boards/loadTest/names.ts';
import { NETWORK_OVERVIEW_UID } from '../../../grafana/src/boards/networkOverview/names.ts';
import { PAYMENTS_UID } from '../../../grafana/src/boards/payments/names.ts';
import { PRIVACY_LAB_UID } from '../../../grafana/src/boards/privacyLab/names.ts';
import { SETTLEMENT_ACTIVITY_UID } from '../../../grafana/src/boards/settlementActivity/names.ts';
import { USAGE_UID } from '../../../grafana/src/boards/usage/names.ts';
import { OPERATOR_SERVICE_NAME } from '../../../telemetry/catalogue.ts';
import { messageOf } from '../errors.ts';
import { get } from '../http.ts';
import { queryPrometheus, type Sample } from '../prometheus.ts';
import { type Finding, RESTART, together } from './finding.ts';
import type { Patient } from './patient.ts';

/** The proxy in front of Prometheus has the same path in Grafana and in the built-in viewer. */
const PROXY_PATH = '/api/datasources/proxy/uid/prometheus';
/** From their source, so that a board whose file is gone is missed. */
export const BOARDS = [
  PAYMENTS_UID,
  CONNECTOR_OVERVIEW_UID,
  CONNECTOR_HEALTH_UID,
  HTTP_NETWORK_UID,
  SETTLEMENT_ACTIVITY_UID,
  NETWORK_OVERVIEW_UID,
  PRIVACY_LAB_UID,
  USAGE_UID,
  LOAD_TEST_UID,
  ALERTS_UID,
];

/** The dashboard server has the boards, and answers queries as Prometheus itself does. */
export async function lookAtDashboards(patient: Patient): Promise<Finding> {
  const process = await patient.lookAtComponent('dashboards');
  if (process.trouble) return process;
  return together([process, await lookAtProxy(patient), await lookAtBoards(patient)]);
}

async function lookAtProxy({ playground }: Patient): Promise<Finding> {
  const { dashboardsUrl, prometheusUrl } = playground;
  // A moment that is over: the answer cannot change between the two questions.
  const atSeconds = Math.floor(Date.now() / 1000) - 3;
  const query = `sum by (instance) (ilp_packets_processed_total{job="${OPERATOR_SERVICE_NAME}"})`;
  const direct = await queryPrometheus(prometheusUrl, query, atSeconds).catch(() => undefined);
  try {
    const proxied = await queryPrometheus(`${dashboardsUrl}${PROXY_PATH}`, query, atSeconds);
    if (!direct) return { evidence: ['its proxy answers; Prometheus itself does not'] };
    if (signature(proxied) === signature(direct))
      return { evidence: ['its proxy answers as Prometheus does'] };
    const why = 'the dashboard server asks another Prometheus: the same query has another answer there';
    return { evidence: [], trouble: { why, fix: `check its PROMETHEUS_URL; ${RESTART}` } };
  } catch (error) {
    const why = `the dashboard server does not reach Prometheus: ${messageOf(error)}`;
    return { evidence: [], trouble: { why, fix: `check its PROMETHEUS_URL; ${RESTART}` } };
  }
}

function signature(samples: readonly Sample[]): string {
  return JSON.stringify(samples.map(({ labels, value }) => [labels.instance, value]).sort());
}

async function lookAtBoards({ playground }: Patient): Promise<Finding> {
  for (const uid of BOARDS) {
    try {
      const { status } = await get(`${playground.dashboardsUrl}/api/dashboards/uid/${uid}`, {
        timeoutMs: 3000,
      });
      if (status === 200) continue;
      const why = `the dashboard server has no board ${uid}: it answers ${status}`;
      return { evidence: [], trouble: { why, fix: './playground dashboards writes the boards anew' } };
    } catch (error) {
      const why = `the dashboard server does not answer: ${messageOf(error)}`;
      return { evidence: [], trouble: { why, fix: RESTART } };
    }
  }
  return { evidence: [`it has ${BOARDS.length} boards`] };
}
