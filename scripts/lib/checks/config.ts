import { readdirSync } from 'node:fs';
import path from 'node:path';
import {
  collectorEnvironment,
  networkCollectorArguments,
  OPERATOR_CONFIG,
} from '../../../collector/command.ts';
import { JAEGER_CONFIG } from '../../../collector/jaeger.ts';
import { LOG_BACKENDS, logsConfig, logsEnvironment } from '../../../collector/logs.ts';
import { PROMETHEUS_CONFIG } from '../../../prometheus/command.ts';
import { NETWORKS } from '../../../telemetry/networkCatalogue.ts';
import { LOOPBACK, loadSettings, ROOT } from '../settings.ts';
import { ensureTools } from '../tools/ensure.ts';
import { ALERTMANAGER_CHECKS } from './alertmanager.ts';
import { type Check, type CheckContext, type CheckResult, runCommand } from './check.ts';

/** The configuration files, each asked of the program that will read it. */
export const CONFIG_CHECKS: readonly Check[] = [
  {
    name: 'collector configuration',
    run: (context) => validate(context, 'otelcol', ['validate', '--config', OPERATOR_CONFIG]),
  },
  ...NETWORKS.map((network) => ({
    name: `${network} collector configuration`,
    run: (context: CheckContext) =>
      validate(context, 'otelcol', ['validate', ...networkCollectorArguments(network)]),
  })),
  ...LOG_BACKENDS.map((backend) => ({
    name: `collector configuration with logs to ${backend}`,
    run: (context: CheckContext) =>
      validate(context, 'otelcol', [
        'validate',
        '--config',
        OPERATOR_CONFIG,
        '--config',
        logsConfig(backend),
      ]),
  })),
  {
    name: 'Jaeger configuration',
    run: (context) => validate(context, 'jaeger', ['validate', '--config', JAEGER_CONFIG]),
  },
  {
    name: 'Prometheus configuration',
    run: (context) => validate(context, 'promtool', ['check', 'config', '--lint=all', PROMETHEUS_CONFIG]),
  },
  {
    name: 'alert rules: firing, not firing and recovery',
    run: (context) => validate(context, 'promtool', ['test', 'rules', ...ruleTests()]),
  },
  ...ALERTMANAGER_CHECKS,
];

function ruleTests(): string[] {
  const folder = path.join(ROOT, 'prometheus/rules/tests');
  return readdirSync(folder).map((name) => path.join(folder, name));
}

async function validate(
  context: CheckContext,
  tool: 'otelcol' | 'jaeger' | 'promtool',
  words: string[],
): Promise<CheckResult> {
  const programs = await ensureTools([tool], context);
  const { ports } = loadSettings();
  const settings = collectorEnvironment({
    host: LOOPBACK,
    ports,
    dataDir: path.resolve('.'),
    prometheusUrl: `http://${LOOPBACK}:${ports.PROMETHEUS_PORT}`,
    jaegerOtlpUrl: `http://${LOOPBACK}:${ports.JAEGER_OTLP_PORT}`,
  });
  const { exitCode, output } = await runCommand(`${tool} ${words[0]}`, [programs[tool], ...words], {
    ...context,
    env: { ...context.env, ...settings, ...logsEnvironment(`http://${LOOPBACK}:1`) },
  });
  return exitCode === 0 ? { passed: 1, failed: 0, output } : { passed: 0, failed: 1, output };
}
