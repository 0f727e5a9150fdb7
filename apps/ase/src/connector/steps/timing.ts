import type { InFlight } from '../inFlight.ts';
import type { Step } from '../packet.ts';
import type { Metrics } from '../telemetry.ts';

/** How long a Prepare takes and how many are under way. The clock is monotonic: the wall clock may jump. */
export function timing({ metrics, inFlight }: { metrics: Metrics; inFlight: InFlight }): Step {
  return async (packet, next) => {
    const startedMs = performance.now();
    inFlight.enter();
    metrics.change('ilp_packets_in_flight', {}, 1);
    try {
      return await next(packet);
    } finally {
      inFlight.leave();
      metrics.change('ilp_packets_in_flight', {}, -1);
      metrics.record(
        'ilp_packet_latency_seconds',
        { type: 'prepare' },
        (performance.now() - startedMs) / 1000,
        packet.record.span,
      );
    }
  };
}
