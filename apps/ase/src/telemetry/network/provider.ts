import { type Attributes, type Histogram, ValueType } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import {
  NETWORK_CATALOGUE,
  NETWORK_COUNTERS,
  NETWORK_INSTANCE_ATTRIBUTE,
  NETWORK_METER_NAME,
  NETWORK_SERVICE_NAME,
  type NetworkCounter,
  SENDER_OPERATION,
} from '../../../../../telemetry/networkCatalogue.ts';
import type { TelemetryErrorListener } from '../errors.ts';
import { type CollectorHealth, CollectorReader } from './collectorReader.ts';
import type { NetworkSettings } from './settings.ts';

/** The way to the network, apart from the operator's in everything: provider, meter, readers, connections. */
export interface NetworkProvider {
  recordPayTime(milliseconds: number): void;
  recordPacketTime(milliseconds: number): void;
  /** Sends to every collector at once; resolves when each has answered or its time is over. */
  send(): Promise<void>;
  collectors(): CollectorHealth[];
  /** Closes the connections. */
  shutdown(): Promise<void>;
}

/** @param published what each counter shows, asked at every export */
export function createNetworkProvider(options: {
  settings: Pick<NetworkSettings, 'instanceName' | 'collectorUrls' | 'exportIntervalMs'>;
  published: () => Record<NetworkCounter, bigint>;
  onError: TelemetryErrorListener;
}): NetworkProvider {
  const { settings, published, onError } = options;
  const source = { source: settings.instanceName };
  const readers = settings.collectorUrls.map(
    (url) => new CollectorReader({ url, intervalMs: settings.exportIntervalMs, onError }),
  );
  const provider = new MeterProvider({
    resource: resourceFromAttributes({
      'service.name': NETWORK_SERVICE_NAME,
      [NETWORK_INSTANCE_ATTRIBUTE]: settings.instanceName,
    }),
    readers,
  });
  const meter = provider.getMeter(NETWORK_METER_NAME);

  for (const name of NETWORK_COUNTERS) {
    const { instrument, help } = NETWORK_CATALOGUE[name];
    meter
      .createObservableCounter(instrument, { description: help, valueType: ValueType.INT })
      .addCallback((result) => result.observe(Number(published()[name]), source));
  }
  const payTime = histogram('ilp_pay_time_ms', source);
  const packetTime = histogram('ilp_prepare_packet_processing_ms', {
    ...source,
    operation: SENDER_OPERATION,
  });

  function histogram(
    name: 'ilp_pay_time_ms' | 'ilp_prepare_packet_processing_ms',
    attributes: Attributes,
  ): (milliseconds: number) => void {
    const { instrument, help, buckets } = NETWORK_CATALOGUE[name];
    const advice = { explicitBucketBoundaries: [...buckets] };
    const made: Histogram = meter.createHistogram(instrument, { description: help, advice });
    // A value that is no number makes the series and counts nowhere: it stands at 0 before the first event.
    made.record(Number.NaN, attributes);
    return (milliseconds) => made.record(milliseconds, attributes);
  }

  return {
    recordPayTime: payTime,
    recordPacketTime: packetTime,
    async send() {
      await Promise.all(readers.map((reader) => reader.send()));
    },
    collectors: () => readers.map(({ health }) => health),
    shutdown: () => provider.shutdown(),
  };
}
