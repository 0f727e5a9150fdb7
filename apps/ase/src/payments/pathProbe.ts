import {
  Counter,
  Int,
  isPaymentError,
  type PaymentError,
  type PositiveRatio,
  type Ratio,
} from '@interledger/pay';
import { EstablishmentController } from '@interledger/pay/dist/src/controllers/establishment.js';
import { ExchangeRateController } from '@interledger/pay/dist/src/controllers/exchange-rate.js';
import { ExpiryController } from '@interledger/pay/dist/src/controllers/expiry.js';
import { SendState, type StreamController } from '@interledger/pay/dist/src/controllers/index.js';
import { MaxPacketAmountController } from '@interledger/pay/dist/src/controllers/max-packet.js';
import { SequenceController } from '@interledger/pay/dist/src/controllers/sequence.js';
import type { PaymentDestination } from '@interledger/pay/dist/src/open-payments.js';
import type { RequestBuilder, StreamReply } from '@interledger/pay/dist/src/request.js';
import { StreamSender } from '@interledger/pay/dist/src/senders/index.js';
import { deserializeIlpPrepare, serializeIlpPrepare } from 'ilp-packet';
import { PaymentsError } from './errors.ts';
import type { Path } from './quoteMath.ts';

/** How packets get out of here: an ILP Prepare in, its reply out. */
export interface Plugin {
  sendData(prepare: Buffer): Promise<Buffer>;
}

export interface ProbeTarget {
  ilpAddress: string;
  sharedSecret: Buffer;
}

/** A path without a limit on packets is treated as one with this limit. */
const LARGEST_PROBE_UNITS = 10n ** 12n;
const MAX_REFUSALS = 4;
const MAX_PACKETS = 40;
const TIMEOUT_MS = 5_000;

/**
 * Measures a path with STREAM packets that nobody can fulfill: which rate it gives and which packet size it
 * takes. `knownMaxUnits` is where to start, the answer of an earlier probe; without it the first packet is
 * larger than any limit, so that the refusal names the limit.
 * Throws a PaymentsError `rate_probe_failed` that says what the path answered.
 */
export async function probePath(plugin: Plugin, target: ProbeTarget, knownMaxUnits?: bigint): Promise<Path> {
  const probe = new PathProbe(unfulfillable(plugin), target, knownMaxUnits);
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      probe.cancel();
      reject(
        new PaymentsError('rate_probe_failed', `The path to the receiver did not answer in ${TIMEOUT_MS} ms`),
      );
    }, TIMEOUT_MS);
  });
  const result = await Promise.race([probe.start(), timeout]).finally(() => clearTimeout(timer));
  if (isPaymentError(result)) throw new PaymentsError('rate_probe_failed', probe.problem ?? String(result));
  return result;
}

/** The condition of a probe is all zeros: every connector sees at once that no money will move. */
function unfulfillable(plugin: Plugin): Plugin {
  return {
    sendData: (bytes) =>
      plugin.sendData(
        serializeIlpPrepare({ ...deserializeIlpPrepare(bytes), executionCondition: Buffer.alloc(32) }),
      ),
  };
}

/** One packet at a time: the size goes down until the receiver itself, and not a connector, has answered. */
class PathProbe extends StreamSender<Path> {
  protected readonly controllers: StreamController[];
  problem: string | undefined;
  readonly #maxPacket: MaxPacketAmountController;
  readonly #rate = new ExchangeRateController();
  #nextUnits: bigint;
  #refusals = 0;
  #packets = 0;
  #waiting = false;
  #cancelled = false;

  constructor(plugin: Plugin, { ilpAddress, sharedSecret }: ProbeTarget, knownMaxUnits?: bigint) {
    // The library brands checked addresses by a type that only its own copy of ilp-packet can make.
    const destinationAddress = ilpAddress as PaymentDestination['destinationAddress'];
    const destination = { destinationAddress, sharedSecret };
    super(plugin, destination);
    this.#maxPacket = new MaxPacketAmountController(
      knownMaxUnits === undefined ? undefined : positive(knownMaxUnits),
    );
    this.#nextUnits = knownMaxUnits ?? LARGEST_PROBE_UNITS;
    this.controllers = [
      new SequenceController(Counter.from(0)!),
      new EstablishmentController(destination),
      new ExpiryController(),
      this.#maxPacket,
      this.#rate,
    ];
  }

  cancel(): void {
    this.#cancelled = true;
  }

  protected nextState(request: RequestBuilder): SendState<Path> {
    if (this.#waiting || this.#cancelled) return SendState.Yield();
    this.#waiting = true;
    this.#packets += 1;
    const units = this.#nextUnits;
    request.setSourceAmount(positive(units));
    return SendState.Send((reply) => {
      this.#waiting = false;
      return this.#afterReply(units, reply);
    });
  }

  #afterReply(units: bigint, reply: StreamReply) {
    // Whatever its code: data under the shared secret can only come from the receiver, so the packet arrived.
    if (reply.isAuthentic()) {
      return SendState.Done<Path>({
        low: fraction(this.#rate.getLowerBoundRate()),
        high: fraction(this.#rate.getUpperBoundRate()),
        maxPacketUnits: units,
      });
    }
    const reject = reply.isReject() ? reply.ilpReject : undefined;
    const said = [reject?.code, reject?.message, reject?.triggeredBy && `from ${reject.triggeredBy}`];
    this.problem = `The path to the receiver answers ${said.filter(Boolean).join(' ')}`;
    const limit = this.#maxPacket.getNextMaxPacketAmount()?.value;
    if (reject?.code === 'F08' && limit !== undefined && limit < units) {
      this.#nextUnits = limit;
    } else if (reject?.code.startsWith('T')) {
      // Perhaps too much for somebody's liquidity, perhaps trouble: a smaller packet tells.
      this.#refusals += 1;
      this.#nextUnits = units > 10n ? units / 10n : 1n;
    } else {
      return SendState.Error(PATH_REFUSED);
    }
    return this.#refusals >= MAX_REFUSALS || this.#packets >= MAX_PACKETS
      ? SendState.Error(PATH_REFUSED)
      : SendState.Schedule();
  }
}

// The library's enumeration is not visible as a value under `import type`; this is one of its members.
const PATH_REFUSED = 'RateProbeFailed' as PaymentError;

const positive = (units: bigint) => {
  const int = Int.from(units);
  if (!int?.isPositive()) throw new RangeError(`${units} is not above 0`);
  return int;
};
const fraction = ({ a, b }: Ratio | PositiveRatio) => ({ numerator: a.value, denominator: b.value });
