/** What the bench of packets says to its processes, and what they say back. */

/**
 * `network`: an ASE's connector with all telemetry but traces; `operator`: without network telemetry; `traced` and
 * `sampled`: that with traces of every payment, and of one in a hundred; `quiet`: without any telemetry; `bare`: no
 * connector at all, a POST of one packet to a server that answers it.
 */
export type PairSide = 'network' | 'operator' | 'traced' | 'sampled' | 'quiet' | 'bare';
/** The sides that have a connector at both ends. */
export type ConnectorSide = Exclude<PairSide, 'bare'>;

export interface ReceiverOrder {
  ledgerFolder: string;
  collectorUrl: string;
  sides: PairSide[];
}

export interface SenderOrder extends ReceiverOrder {
  receiverUrl: string;
  /** Of each side in a round. */
  packets: number;
  rounds: number;
}

/** The first line of collector and receiver. */
export interface Listening {
  url: string;
}

/** Of one side in one round: packets per second, and the processor time of both ends in microseconds a packet. */
export interface PairResult {
  perSecond: number;
  /** The sender's. */
  cpuMicroseconds: number;
  receiverCpuMicroseconds: number;
}
export type PairRound = Partial<Record<PairSide, PairResult>>;

/** What the receiver does when it is asked, beside taking packets at `/<side>`. */
export const RECEIVER_PATHS = {
  /** Sends the spans that are left, and answers when that is done. */
  flush: '/spans/',
  /** Exports metrics, as an ASE does once an interval; not waited for. */
  tick: '/metrics/',
  /** Only answers. */
  cpu: '/cpu',
} as const;

/** Every answer to them: the processor time of the receiver since its start. */
export interface ReceiverCpu {
  cpuMs: number;
}

export const TOKEN = 'token-of-the-bench';
