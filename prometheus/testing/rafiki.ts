import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NETWORK_METER_NAME, NETWORK_SERVICE_NAME } from '../../telemetry/networkCatalogue.ts';

/** Plays the telemetry of a real Rafiki: its exporter, its resource, its instruments and attributes. */
export class PlayedRafiki {
  readonly name: string;
  readonly #provider: MeterProvider;

  constructor(name: string, collectorUrl: string, exportIntervalMs: number) {
    this.name = name;
    const reader = new PeriodicExportingMetricReader({
      exporter: new OTLPMetricExporter({ url: collectorUrl, timeoutMillis: 2000 }),
      exportIntervalMillis: exportIntervalMs,
      exportTimeoutMillis: exportIntervalMs,
    });
    this.#provider = new MeterProvider({
      resource: resourceFromAttributes({ 'service.name': NETWORK_SERVICE_NAME, instance: name }),
      readers: [reader],
    });
  }

  /** One payment of one packet. `amountUnits` are USD of scale 4. */
  pay(amountUnits: number): void {
    this.#count('packet_count_prepare', 1, { description: 'Count of prepare packets that are sent' });
    this.#count('packet_count_fulfill', 1, { description: 'Count of fulfill packets' });
    this.#count('packet_amount_fulfill', amountUnits, {
      description: 'Amount sent through the network',
      valueType: 1,
    });
    this.#count('transactions_total', 1, { description: 'Count of funded transactions' });
    this.#record('ilp_prepare_packet_processing_ms', 12, { operation: 'outgoing_payment' });
    this.#record('pay_time_ms', 40, {
      description: 'Time to complete a payment',
      callName: 'PaymentMethodHandlerService:pay',
    });
    // Of many that are no part of what a network collector takes.
    this.#record('handle_sending_ms', 30, { callName: 'OutgoingPaymentLifecycle:handleSending' });
  }

  async stop(): Promise<void> {
    await this.#provider.shutdown().catch(() => {});
  }

  #count(name: string, by: number, attributes: Record<string, string | number>): void {
    const meter = this.#provider.getMeter(NETWORK_METER_NAME);
    meter.createCounter(name).add(by, { source: this.name, ...attributes });
  }

  #record(name: string, value: number, attributes: Record<string, string>): void {
    const meter = this.#provider.getMeter(NETWORK_METER_NAME);
    meter.createHistogram(name).record(value, { source: this.name, ...attributes });
  }
}
