import { Router } from 'express';
import type { Logger } from 'pino';
import { SETTLEMENT_METHODS } from '../../../telemetry/catalogue.ts';
import type { GaugeReading } from './admin/ledgerReport.ts';
import { createBoundedClient } from './boundedClient.ts';
import { startJob } from './jobs.ts';
import type { Ledger } from './ledger/types.ts';
import type { Settings } from './settings.ts';
import { createChainClient } from './settlement/chainClient.ts';
import { createSettlementLink } from './settlement/peerLink.ts';
import { createPeerRouter, createSettlementAdminRouter } from './settlement/routers.ts';
import { createSettlement, gaugesOf } from './settlement/settlement.ts';
import type { OperatorMetrics } from './telemetry/operatorMetrics.ts';
import type { Tracing } from './tracing/tracing.ts';
import { within } from './within.ts';

interface OpenedSettlement {
  peerRouter: Router;
  adminRouter: Router;
  gauges: () => GaugeReading[];
  inFlight: () => number;
  stop(boundMs: number): Promise<void>;
}

/** Chain and peer are close by; what they do not answer is asked again. */
const TIMEOUT_MS = 2_000;
const MAX_ANSWER_BYTES = 16 * 1024;

/** Settlement with all peers of an ASE, at work; or what stands for it in an ASE that has no chain. */
export async function openSettlement(parts: {
  settings: Settings;
  ledger: Ledger;
  metrics: OperatorMetrics;
  tracing: Tracing | undefined;
  log: Logger;
}): Promise<OpenedSettlement> {
  const { settings, ledger, metrics, tracing, log } = parts;
  const { chainUrl, name, peers, peerTokens } = settings;
  if (chainUrl === undefined) {
    return {
      peerRouter: Router(),
      adminRouter: createSettlementAdminRouter(undefined),
      gauges: () => gaugesOf(ledger, [], []),
      inFlight: () => 0,
      async stop() {},
    };
  }
  const client = createBoundedClient({ timeoutMs: TIMEOUT_MS, maxBytes: MAX_ANSWER_BYTES });
  const settlement = await createSettlement({
    ledger,
    peers,
    links: new Map(
      peers.map(({ id, url }) => [
        id,
        createSettlementLink(client, { url, token: peerTokens[`${name}>${id}`]! }),
      ]),
    ),
    chains: new Map(
      SETTLEMENT_METHODS.map((method) => [method, createChainClient(client, chainUrl, method)] as const),
    ),
    metrics,
    tracing,
    log,
  });
  let ticking: Promise<void> = Promise.resolve();
  const job = startJob(
    settings.settlementPollMs,
    () => {
      ticking = settlement.tick();
      return ticking;
    },
    (error) => log.warn({ err: error }, 'Settlement failed; it will be tried again'),
  );
  return {
    peerRouter: createPeerRouter(
      settlement,
      peers.map(({ id }) => ({ id, token: peerTokens[`${id}>${name}`]! })),
      tracing,
    ),
    adminRouter: createSettlementAdminRouter(settlement),
    gauges: settlement.gauges,
    inFlight: settlement.inFlight,
    async stop(boundMs) {
      job.stop();
      await within(
        boundMs,
        ticking.catch(() => {}),
      );
      await client.close();
    },
  };
}
