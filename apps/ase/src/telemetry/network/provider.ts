import { ValueType } from '@opentelemetry/api';
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
import { createTimeHistogram } from './timeHistogram.ts';

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
  const payTime = createTimeHistogram({ ...described('ilp_pay_time_ms'), attributes: source });
  const packetTime = createTimeHistogram({
    ...described('ilp_prepare_packet_processing_ms'),
    attributes: { ...source, operation: SENDER_OPERATION },
  });
  const readers = settings.collectorUrls.map(
    (url) =>
      new CollectorReader({
        url,
        intervalMs: settings.exportIntervalMs,
        alsoTell: () => [payTime.collect(), packetTime.collect()],
        onError,
      }),
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

  return {
    recordPayTime: payTime.record,
    recordPacketTime: packetTime.record,
    async send() {
      await Promise.all(readers.map((reader) => reader.send()));
    },
    collectors: () => readers.map(({ health }) => health),
    shutdown: () => provider.shutdown(),
  };
}

function described(name: 'ilp_pay_time_ms' | 'ilp_prepare_packet_processing_ms') {
  const { instrument, help, buckets } = NETWORK_CATALOGUE[name];
  return { name: instrument, description: help, buckets };
}
