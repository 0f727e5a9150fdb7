import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { rulesOf } from '../../alerting/files.ts';
import type { ComponentName, ComponentSpec, Programs } from '../../component.ts';
import { loopbackUrl } from '../../component.ts';
import { networkMetricsUrls } from '../../networkComponents.ts';
import type { Settings } from '../../settings.ts';
import { startBareThirdParty } from '../bareThirdParty.ts';
import type { Path } from './fleet.ts';
import type { ScaleStep } from './scaleRow.ts';

/** Collectors and Prometheus as the playground has them, and nobody who sends to them yet. */
export interface Pipeline {
  prometheus: { pid: number; url: string };
  collectors: Partial<Record<Path, CollectorSet>>;
}

/** Those of one path: the operator's one, or both of the testnet's. */
export interface CollectorSet {
  pids: number[];
  /** OTLP over gRPC. The balancer is left out: it takes fewer connections than a scale test makes. */
  endpoints: string[];
  metricsUrls: string[];
}

const COLLECTORS: Record<Path, readonly ComponentName[]> = {
  operator: ['collector'],
  network: ['testnet-1', 'testnet-2'],
};

/** Far above what a step needs, so that the machine is the limit. */
const RAISED_LIMITS = 'processors:\n  memory_limiter:\n    limit_mib: 8192\n    spike_limit_mib: 512\n';

/** Starts what a step needs, with the rules of a playground; `down` ends it. */
export async function startPipeline(
  settings: Settings,
  programs: Programs,
  { paths, limits }: Pick<ScaleStep, 'paths' | 'limits'>,
  context: { say: (line: string) => void; signal: AbortSignal },
): Promise<Pipeline> {
  const raisedFile = path.join(settings.home, 'raised.yaml');
  await mkdir(settings.home, { recursive: true });
  await writeFile(raisedFile, RAISED_LIMITS);
  const names = paths.flatMap((each) => COLLECTORS[each]);
  const components = await startBareThirdParty(settings, programs, context, {
    names: [...names, 'prometheus'],
    network: { core: !paths.includes('network'), livenet: [] },
    rules: rulesOf(settings),
    ...(limits === 'raised' && { change: (spec) => withRaisedLimits(spec, raisedFile) }),
  });
  const find = (name: ComponentName) => components.find((component) => component.name === name)!;
  const collectorsOf = (each: Path): CollectorSet => ({
    pids: COLLECTORS[each].map((name) => find(name).pid),
    endpoints: COLLECTORS[each].map((name) => find(name).url!),
    metricsUrls:
      each === 'operator'
        ? [`${loopbackUrl(settings.ports.COLLECTOR_METRICS_PORT)}/metrics`]
        : networkMetricsUrls(settings, 'testnet'),
  });
  return {
    prometheus: { pid: find('prometheus').pid, url: find('prometheus').url! },
    collectors: Object.fromEntries(paths.map((each) => [each, collectorsOf(each)])),
  };
}

/** Go gives memory back as it does by itself, and a collector refuses nothing for want of memory. */
function withRaisedLimits(spec: ComponentSpec, raisedFile: string): ComponentSpec {
  const { GOMEMLIMIT: _limit, ...env } = spec.command.env;
  const args = spec.name === 'prometheus' ? [] : ['--config', raisedFile];
  return { ...spec, command: { ...spec.command, args: [...spec.command.args, ...args], env } };
}
