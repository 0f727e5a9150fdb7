import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import packageJson from '../../../package.json' with { type: 'json' };
import { reportLedger, reportPeers } from './admin/ledgerReport.ts';
import { connectCheck, createReadiness, httpCheck } from './admin/readiness.ts';
import { createAdminRouter } from './admin/router.ts';
import { createTrafficLease } from './admin/trafficLease.ts';
import { createConnector } from './connector/connector.ts';
import { aboutPayment } from './connector/correlation.ts';
import { createHttpApp, type HttpServer, listen } from './httpServer.ts';
import { createIlpHandler } from './ilp/handler.ts';
import { createPeerLink } from './ilp/peerLink.ts';
import { startJob } from './jobs.ts';
import type { LedgerError } from './ledger/errors.ts';
import { createLedger } from './ledger/ledger.ts';
import type { LogComponent } from './logs/log.ts';
import { observeBooks } from './observeBooks.ts';
import { observeDependencies } from './observeDependencies.ts';
import { openNetwork } from './openNetwork.ts';
import { createIdempotency } from './openPayments/idempotency.ts';
import { createResources } from './openPayments/resources.ts';
import { createOpenPaymentsRouter } from './openPayments/router.ts';
import { createWallets } from './openPayments/wallets.ts';
import { openSettlement } from './openSettlement.ts';
import { openTracing } from './openTracing.ts';
import { feesAccount, openWallets } from './openWallets.ts';
import { auditPayments } from './payments/auditPayments.ts';
import { createEndings } from './payments/endings.ts';
import { eventsBetween } from './payments/events.ts';
import { createIncomingPayments } from './payments/incomingPayments.ts';
import { paymentsOfLoad } from './payments/loadRun.ts';
import { createOutgoingPayments } from './payments/outgoingPayments.ts';
import { createOutgoingWorker, type PluginFor } from './payments/outgoingWorker.ts';
import type { Plugin } from './payments/pathProbe.ts';
import { paymentAccount } from './payments/paymentAccounts.ts';
import { findTrace, sampledPlugin, tracedIn } from './payments/paymentTraces.ts';
import { createQuotes } from './payments/quotes.ts';
import { asReceiver, createReceivers } from './payments/receivers.ts';
import { createStreamReceiver, serverSecret } from './payments/streamReceiver.ts';
import { definePaymentTables, probeWrite } from './payments/tables.ts';
import { createPolledRates } from './rates/ratesSource.ts';
import type { Settings } from './settings.ts';
import type { TelemetryError } from './telemetry/errors.ts';
import { createHttpMetrics } from './telemetry/httpMetrics.ts';
import { defineNetworkTables } from './telemetry/network/outbox.ts';
import { observeNodeRuntime } from './telemetry/nodeRuntime.ts';
import { createOperatorTelemetry } from './telemetry/operatorMetrics.ts';
import { observeSockets } from './telemetry/sockets.ts';
import { defineUsageTable } from './usage/installation.ts';
import { createUsageReporter } from './usage/reporter.ts';
import { within } from './within.ts';

/** One account servicing entity: its books, its connector, its payments and its HTTP server. */
export interface Ase {
  /** Opens everything and listens. Rejects with a PortTakenError or LedgerError; then nothing stays open. */
  start(): Promise<{ port: number }>;
  /** Takes nothing new, lets what runs end for a moment, and closes the books. What is left resumes at the next start. */
  stop(): Promise<void>;
}

const FIRST_FLUSH_BOUND_MS = 1_000;
/** For each part that stops; together they stay below what `down` may take. */
const STOP_BOUND_MS = 700;
const EXPIRY_EVERY_MS = 1_000;
const PRUNE_EVERY_MS = 600_000;
const KEEP_UNUSED_QUOTES_MS = 24 * 60 * 60 * 1000;
/** Stands for a payment in the packets of a quote. */
const QUOTE = 'quote';

/** `onLost` hears that the disk failed under the books: the process has to end, and can be started again. */
export function createAse(settings: Settings, log: Logger, onLost?: (error: LedgerError) => void): Ase {
  const cleanups: Array<() => unknown> = [];
  /** What stop() closes, in the opposite order of opening. */
  const onStop = (close: () => unknown) => cleanups.push(close);

  async function stop(): Promise<void> {
    for (const close of cleanups.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        log.error({ component: 'ase' satisfies LogComponent, err: error }, 'Something did not close');
      }
    }
  }

  return {
    stop,
    async start() {
      try {
        return await open(settings, log, { onStop, onLost });
      } catch (error) {
        await stop();
        throw error;
      }
    },
  };
}

async function open(
  settings: Settings,
  log: Logger,
  {
    onStop,
    onLost,
  }: { onStop: (close: () => unknown) => void; onLost: ((error: LedgerError) => void) | undefined },
): Promise<{ port: number }> {
  const { asset, ilpAddress, publicUrl } = settings;
  const logOf = (component: LogComponent) => log.child({ component });
  const { metricsPath, defaultMetrics, resourceAttributes } = settings.observability;
  // The settings have made sure that it is there.
  const tokenOf = (sender: string, receiver: string) => settings.peerTokens[`${sender}>${receiver}`]!;

  mkdirSync(settings.dataDir, { recursive: true });
  const ledger = createLedger({ file: join(settings.dataDir, 'ledger.sqlite'), ...(onLost && { onLost }) });
  onStop(() => ledger.close());
  definePaymentTables(ledger);
  defineNetworkTables(ledger);
  defineUsageTable(ledger);
  await openWallets(ledger, asset, settings.wallets);

  const onTelemetryError = (error: TelemetryError) =>
    logOf('telemetry').warn({ code: error.code }, error.message);
  const telemetry = createOperatorTelemetry({
    aseName: settings.name,
    resourceAttributes,
    endpoint: settings.otlpEndpoint,
    exportIntervalMs: settings.otlpExportIntervalMs,
    ledgerTotals: ledger.totals(),
    assets: [asset.assetCode],
    peers: settings.peers,
    onError: onTelemetryError,
  });
  const { metrics } = telemetry;
  onStop(() => within(STOP_BOUND_MS, telemetry.shutdown()));
  if (defaultMetrics) {
    const runtime = observeNodeRuntime(metrics, settings);
    onStop(() => runtime.stop());
  }
  const sockets = observeSockets(metrics);
  onStop(() => sockets.stop());
  // Every series stands in Prometheus at its durable total before anything can change it.
  await within(FIRST_FLUSH_BOUND_MS, telemetry.forceFlush());

  const rates = createPolledRates({
    url: settings.ratesUrl,
    pollMs: settings.ratesPollMs,
    maxAgeMs: settings.ratesMaxAgeMs,
    onChange: (problem) =>
      problem
        ? logOf('rates').warn({ problem }, 'No exchange rates')
        : logOf('rates').info('Exchange rates are there'),
  });
  onStop(() => rates.stop());
  await rates.start();

  const opened = openNetwork({
    settings: settings.network,
    ledger,
    rates,
    metrics,
    log: logOf('telemetry'),
    onError: onTelemetryError,
  });
  onStop(() => opened?.close());
  const network = opened?.network;

  const tracing = openTracing({ settings, metrics, onError: onTelemetryError });
  onStop(() => within(STOP_BOUND_MS, tracing?.shutdown() ?? Promise.resolve()));

  const incomingPayments = createIncomingPayments({ ledger, asset, metrics, log: logOf('payments') });
  const receiver = createStreamReceiver({
    serverSecret: await serverSecret(ledger),
    ilpAddress,
    asset,
    incomingPayments,
    roundingAccount: feesAccount(asset),
    log: logOf('payments'),
  });
  const connector = createConnector({
    ilpAddress,
    asset,
    peers: settings.peers,
    links: new Map(
      settings.peers.map(({ id, url }) => [id, createPeerLink({ url, token: tokenOf(settings.name, id) })]),
    ),
    ledger,
    rates,
    receiver,
    metrics,
    network,
    traced: tracing !== undefined,
    log: logOf('connector'),
  });
  onStop(() => connector.close());
  await connector.recover();
  const settlement = await openSettlement({ settings, ledger, metrics, tracing, log: logOf('settlement') });
  onStop(() => settlement.stop(STOP_BOUND_MS));
  observeBooks({ metrics, ledger, connector, rates, settlementGauges: settlement.gauges });

  const receivers = createReceivers({
    allowedOrigins: settings.receiverAllowList,
    routes: settings.receiverRoutes,
    publicUrl,
    local: (id) => asReceiver(incomingPayments.get(id), asset, receiver),
  });
  onStop(() => receivers.close());
  const pluginFor: PluginFor = (sender, span) => {
    const source = {
      accountId: paymentAccount(sender),
      ...asset,
      ilpAddress: `${ilpAddress}.sender.${sender}`,
      // A quote's packets belong to no payment yet.
      correlationId: sender === QUOTE ? undefined : sender,
    };
    const plain: Plugin = { sendData: (prepare) => connector.handle(source, prepare) };
    if (!span) return plain;
    return sampledPlugin(
      { sendData: (prepare) => connector.handle(source, prepare, { trace: span }) },
      plain,
    );
  };
  const quotes = createQuotes({
    ledger,
    asset,
    fee: settings.fee,
    ttlMs: settings.quoteTtlMs,
    receivers,
    rates,
    // The packets of a quote move no money, so there need not be such an account.
    pluginFor: (span) => pluginFor(QUOTE, span),
    metrics,
    tracing,
  });
  const endings = createEndings();
  const outgoingPayments = createOutgoingPayments({
    ledger,
    asset,
    feeAccount: feesAccount(asset),
    metrics,
    network,
    endings,
  });
  const worker = createOutgoingWorker({
    ledger,
    payments: outgoingPayments,
    receivers,
    pluginFor,
    tracing,
    onSent: network?.recordPayTime,
    log: logOf('payments'),
  });
  onStop(() => worker.stop(STOP_BOUND_MS));
  worker.start();

  const wallets = createWallets(
    publicUrl,
    settings.wallets.map(({ name }) => name),
    asset,
  );
  const idempotency = createIdempotency(ledger);
  const jobFailed = (error: unknown) =>
    logOf('payments').warn({ err: error }, 'Housekeeping failed; it will be tried again');
  const expiry = startJob(EXPIRY_EVERY_MS, incomingPayments.expireDue, jobFailed);
  const pruning = startJob(
    PRUNE_EVERY_MS,
    () => Promise.all([idempotency.prune(), quotes.prune(Date.now() - KEEP_UNUSED_QUOTES_MS)]),
    jobFailed,
  );
  onStop(() => {
    expiry.stop();
    pruning.stop();
  });

  const usage = createUsageReporter({
    settings: settings.usage,
    ledger,
    facts: {
      version: packageJson.version,
      platform: {
        system: process.platform,
        architecture: process.arch,
        nodeVersion: process.versions.node,
      },
      peers: settings.peers.length,
    },
    log: logOf('usage'),
  });
  onStop(() => usage.stop());
  await usage.start();

  const readiness = createReadiness({
    required: {
      ledger: async () => void (await probeWrite(ledger)),
      rates: async () => {
        const { ok, detail } = rates.status();
        if (!ok) throw new Error(detail);
        return detail;
      },
      ...Object.fromEntries(
        settings.peers.map(({ id, url }) => [`peer:${id}`, httpCheck(new URL('/health', url).href)]),
      ),
    },
    // Telemetry never fails a payment.
    besides: settings.otlpEndpoint
      ? { collector: connectCheck(settings.otlpEndpoint, telemetry.exportTrouble) }
      : {},
  });
  observeDependencies(metrics, readiness);

  const httpMetrics = createHttpMetrics(metrics);
  const app = createHttpApp({
    httpMetrics: httpMetrics.handler,
    ilp: createIlpHandler({
      connector,
      tracing,
      onBadCorrelationId: () => metrics.add('trace_contexts_refused_total', { reason: 'correlation_id' }, 1n),
      peers: settings.peers.map((peer) => ({ peer, token: tokenOf(peer.id, settings.name) })),
    }),
    openPayments: createOpenPaymentsRouter({
      publicUrl,
      asset,
      wallets,
      resources: createResources({ publicUrl, asset, wallets, credentials: receiver.credentials }),
      idempotency,
      incomingPayments,
      quotes,
      outgoingPayments,
      endings,
      onNewPayment({ id, quote }) {
        const { receiver, debitUnits } = quote;
        const about = aboutPayment(id, tracedIn(tracing && findTrace(ledger.read, quote.id)));
        const fields = { quoteId: quote.id, receiver, debitUnits: String(debitUnits) };
        logOf('payments').info({ ...about, ...fields }, 'Payment created');
        worker.wake();
      },
      onVisit: (outcome) => metrics.add('wallet_address_visits_total', { outcome }, 1n),
    }),
    admin: createAdminRouter({
      adminToken: settings.adminToken,
      reportLedger: () =>
        reportLedger({
          ase: settings.name,
          ledger,
          auditPayments: () => auditPayments(ledger),
          inFlight: () => ({
            payments: outgoingPayments.inFlight(),
            packets: connector.inFlight(),
            settlements: settlement.inFlight(),
          }),
          settlementGauges: settlement.gauges,
          lastErrorTimestampSeconds: () => connector.lastErrorAtMs() / 1000,
        }),
      eventsBetween: (fromMs, toMs) => eventsBetween(ledger, fromMs, toMs),
      paymentsOfLoad: (run) => paymentsOfLoad(ledger, run),
      reportPeers: () => reportPeers(settings.peers, ledger),
      trafficLease: createTrafficLease(),
      settlement: settlement.adminRouter,
      network: network ?? { enabled: false, network: settings.network.network },
      previewUsage: usage.preview,
    }),
    settlement: settlement.peerRouter,
    readiness,
    metricsPage:
      metricsPath === undefined ? undefined : { path: metricsPath, render: telemetry.renderMetricsText },
    log: logOf('http'),
  });
  const server: HttpServer = await listen(app, settings, {
    onRefused: sockets.refused,
    onUnreadable: httpMetrics.countUnreadable,
  });
  onStop(() => server.close(STOP_BOUND_MS));
  // First of all: who waits for a payment shall not hold the server up.
  onStop(() => endings.close());
  return { port: server.port };
}
