import { setTimeout as delay } from 'node:timers/promises';
import { RequestState, type StreamController } from '@interledger/pay/dist/src/controllers/index.js';
import { PacingController } from '@interledger/pay/dist/src/controllers/pacer.js';
import type { StreamReply } from '@interledger/pay/dist/src/request.js';
import { createTokenBucket } from '../connector/tokenBucket.ts';

/** What the library sends at most when all goes well; it begins with a fifth of it, 25 ms from packet to packet. */
const PACKETS_PER_SECOND = 200n;
const MOST_UNDER_WAY = 20;
const LOOK_AGAIN_MS = 5;

/**
 * Sends the packets of a payment without waiting between them, so that most payments are one burst, which both ledgers
 * take in one commit each. As soon as somebody on the path asks for patience (a T code) the library's own pace holds.
 */
export class EagerPacing implements StreamController {
  readonly #patient = new PacingController();
  readonly #bucket = createTokenBucket(PACKETS_PER_SECOND, () => performance.now());
  #isPatient = false;
  #underWay = 0;

  buildRequest(): RequestState {
    if (this.#isPatient) return this.#patient.buildRequest();
    if (this.#underWay >= MOST_UNDER_WAY) return RequestState.Yield();
    return this.#bucket.take(1n) ? RequestState.Ready() : RequestState.Schedule(delay(LOOK_AGAIN_MS));
  }

  applyRequest(): (reply: StreamReply) => void {
    this.#underWay += 1;
    const tellPatient = this.#patient.applyRequest();
    return (reply) => {
      this.#underWay -= 1;
      if (reply.isReject() && reply.ilpReject.code.startsWith('T')) this.#isPatient = true;
      tellPatient(reply);
    };
  }
}
