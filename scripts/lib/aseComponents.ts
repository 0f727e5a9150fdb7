import type { ScrapeTarget } from '../../prometheus/command.ts';
import { OPERATOR_SERVICE_NAME } from '../../telemetry/catalogue.ts';
import { type ComponentSpec, dataFolder, loopbackUrl, nodeProgram, type Plan } from './component.ts';
import type { PortName } from './env.ts';
import { tracingEnvironment } from './jaegerComponent.ts';
import { networkEnvironment } from './networkComponents.ts';
import { LOOPBACK, type Settings } from './settings.ts';
import { secretsFile } from './state.ts';
import {
  type Ase,
  type AseName,
  aseNames,
  CREDIT_LIMIT_UNITS,
  type Hops,
  MAX_PACKET_AMOUNT_UNITS,
  OPENING_UNITS,
  topology,
  WALLETS,
} from './topology.ts';
import { usageEnvironment } from './usageComponent.ts';

const PULL_EVERY_SECONDS = 1;

/** Where the port of each ASE is set. */
export const PORT_NAMES: Record<AseName, PortName> = {
  'cloud-nine': 'CLOUD_NINE_PORT',
  'happy-life': 'HAPPY_LIFE_PORT',
  'global-bank': 'GLOBAL_BANK_PORT',
};

const HEAP_MIB = 96;
/** Its code, a full heap, and what as many slow clients as may connect hold outside of it. */
const MEMORY_LIMIT_MIB = 232;

/** Where an ASE is reached, by clients and by the other ASEs. */
export function aseUrl(settings: Settings, name: AseName): string {
  return loopbackUrl(settings.ports[PORT_NAMES[name]]);
}

export function aseComponents(plan: Plan): ComponentSpec[] {
  const ases = topology(plan.hops);
  return ases.map((ase) => aseComponent(plan, ase, ases));
}

/** The ASEs themselves, where Prometheus fetches their metrics: as often as they would send them. */
export function pullTargets(settings: Settings, hops: Hops): ScrapeTarget[] {
  return aseNames(hops).map((name) => ({
    address: new URL(aseUrl(settings, name)).host,
    job: OPERATOR_SERVICE_NAME,
    instance: name,
    everySeconds: PULL_EVERY_SECONDS,
  }));
}

function aseComponent(plan: Plan, ase: Ase, all: readonly Ase[]): ComponentSpec {
  const { settings, programs } = plan;
  const port = settings.ports[PORT_NAMES[ase.name]];
  const url = aseUrl(settings, ase.name);
  return {
    name: ase.name,
    url,
    healthUrl: `${url}/health`,
    readyUrl: `${url}/ready`,
    listens: [{ host: LOOPBACK, port }],
    command: nodeProgram(programs, 'apps/ase/src/main.ts', HEAP_MIB, {
      ASE_NAME: ase.name,
      ASE_HOST: LOOPBACK,
      ASE_PORT: String(port),
      ASE_PUBLIC_URL: url,
      ASE_ILP_ADDRESS: ase.ilpAddress,
      ASE_ASSET_CODE: ase.assetCode,
      ASE_ASSET_SCALE: String(ase.assetScale),
      ASE_DATA_DIR: dataFolder(settings, ase.name),
      ASE_PEERS: JSON.stringify(peers(settings, ase)),
      ASE_WALLETS: JSON.stringify(WALLETS.map((name) => ({ name, openingUnits: OPENING_UNITS }))),
      ASE_SECRETS_FILE: secretsFile(settings.home),
      ASE_RATES_URL: `${loopbackUrl(settings.ports.RATES_PORT)}/rates`,
      ASE_CHAIN_URL: loopbackUrl(settings.ports.CHAIN_PORT),
      ASE_RECEIVER_ALLOW_LIST: all.map(({ name }) => aseUrl(settings, name)).join(','),
      ASE_OTLP_ENDPOINT: plan.pull ? '' : loopbackUrl(settings.ports.COLLECTOR_OTLP_GRPC_PORT),
      // No container holds it: more than this would be more than its heap, its code and its buffers explain.
      ASE_MEMORY_LIMIT_MIB: String(MEMORY_LIMIT_MIB),
      ...networkEnvironment(plan, ase.name),
      ...tracingEnvironment(plan),
      ...usageEnvironment(plan),
    }),
  };
}

function peers(settings: Settings, ase: Ase) {
  return ase.peers.map(({ id, assetCode, assetScale, routes, settlement }) => ({
    id,
    ilpAddress: `test.${id}`,
    url: `${aseUrl(settings, id)}/ilp`,
    assetCode,
    assetScale,
    creditLimitUnits: CREDIT_LIMIT_UNITS,
    maxPacketAmountUnits: MAX_PACKET_AMOUNT_UNITS,
    routes,
    settlement,
  }));
}
