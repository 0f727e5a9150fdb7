import { alertmanagerArguments, alertmanagerEnvironment } from '../../../prometheus/alerting/command.ts';
import type { ScrapeTarget } from '../../../prometheus/command.ts';
import { PORT_NAMES } from '../aseComponents.ts';
import {
  baseEnvironment,
  type ComponentSpec,
  dataFolder,
  loopbackUrl,
  nodeProgram,
  type Plan,
} from '../component.ts';
import { LOOPBACK, type Settings } from '../settings.ts';
import { aseNames, type Hops } from '../topology.ts';

/** Alertmanager and the sink that it delivers to; `up --core` does without. */
export function alertingComponents(plan: Plan): ComponentSpec[] {
  return plan.alertmanagerConfig === undefined
    ? []
    : [alertmanager(plan, plan.alertmanagerConfig), sink(plan)];
}

/** The ASEs, of which Prometheus looks whether they answer. */
export function connectorTargets({ ports }: Settings, hops: Hops): ScrapeTarget[] {
  return aseNames(hops).map((name) => ({
    address: `${LOOPBACK}:${ports[PORT_NAMES[name]]}`,
    job: 'connector-health',
    instance: name,
  }));
}

function alertmanager({ settings, programs }: Plan, configFile: string): ComponentSpec {
  const port = settings.ports.ALERTMANAGER_PORT;
  const url = loopbackUrl(port);
  const dataDir = dataFolder(settings, 'alertmanager');
  return {
    name: 'alertmanager',
    url,
    healthUrl: `${url}/-/ready`,
    listens: [{ host: LOOPBACK, port }],
    command: {
      program: programs.alertmanager!,
      args: alertmanagerArguments({ configFile, dataDir, listenAddress: `${LOOPBACK}:${port}` }),
      cwd: dataDir,
      env: { ...baseEnvironment(), ...alertmanagerEnvironment() },
    },
  };
}

function sink({ settings, programs }: Plan): ComponentSpec {
  const port = settings.ports.ALERT_SINK_PORT;
  const url = loopbackUrl(port);
  return {
    name: 'alert-sink',
    url: `${url}/deliveries`,
    healthUrl: `${url}/health`,
    listens: [{ host: LOOPBACK, port }],
    command: nodeProgram(programs, 'apps/alert-sink/src/main.ts', 16, {
      ALERT_SINK_HOST: LOOPBACK,
      ALERT_SINK_PORT: String(port),
    }),
  };
}
