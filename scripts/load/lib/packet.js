// ILP packets of STREAM payments, by hand: k6 has no library for them.
// ILPv4 (interledger.org/rfcs/0027) for the outer packet, STREAM (rfcs/0029) for the data inside it.
import { hmac, sha256 } from 'k6/crypto';

const PREPARE = 12;
const FULFILL = 13;
const STREAM_VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** What sender and receiver of a STREAM connection share. */
export async function connectionOf({ ilpAddress, sharedSecret }) {
  const secret = bytesOf(sharedSecret);
  const key = hmac('sha256', secret.buffer, 'ilp_stream_encryption', 'binary');
  return {
    ilpAddress,
    fulfillmentKey: hmac('sha256', secret.buffer, 'ilp_stream_fulfillment', 'binary'),
    encryptionKey: await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']),
  };
}

/**
 * A Prepare that the receiver can fulfill, and the fulfillment that proves that it did.
 * @param sequence of the packet in its connection: 1 and more, each once
 * @param amount in units of the receiving peer's account
 */
export async function prepareOf(
  { ilpAddress, fulfillmentKey, encryptionKey },
  { sequence, amount, expiresAt },
) {
  // Version, type, sequence, the least amount that may arrive, no frames.
  const plain = [STREAM_VERSION, PREPARE, ...unsigned(sequence), ...unsigned(0), ...unsigned(0)];
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const algorithm = { name: 'AES-GCM', iv, tagLength: 8 * TAG_BYTES };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, encryptionKey, new Uint8Array(plain)));
  // STREAM wants the tag before the ciphertext.
  const edge = sealed.length - TAG_BYTES;
  const data = new Uint8Array([...iv, ...sealed.slice(edge), ...sealed.slice(0, edge)]);
  const fulfillment = hmac('sha256', fulfillmentKey, data.buffer, 'binary');
  const condition = sha256(fulfillment, 'binary');
  const content = [
    ...fixed64(amount),
    ...ascii(interledgerTime(expiresAt)),
    ...new Uint8Array(condition),
    ...prefixed(ascii(ilpAddress)),
    ...prefixed(data),
  ];
  return {
    packet: new Uint8Array([PREPARE, ...prefixed(content)]).buffer,
    fulfillment: new Uint8Array(fulfillment),
  };
}

/** Whether a reply is a Fulfill with this fulfillment. */
export function isFulfilledBy(reply, fulfillment) {
  const bytes = new Uint8Array(reply);
  if (bytes[0] !== FULFILL) return false;
  const start = 2 + (bytes[1] > 127 ? bytes[1] - 128 : 0);
  return fulfillment.every((byte, i) => bytes[start + i] === byte);
}

/** `YYYYMMDDHHMMSSmmm`, UTC. */
function interledgerTime(date) {
  return date.toISOString().replace(/\D/g, '');
}

/** Length before the bytes, as OER writes it. */
function prefixed(bytes) {
  const { length } = bytes;
  if (length < 128) return [length, ...bytes];
  const [count, ...digits] = unsigned(length);
  return [128 + count, ...digits, ...bytes];
}

/** A whole number as OER's variable unsigned integer. */
function unsigned(value) {
  const bytes = [];
  for (let rest = value; bytes.length === 0 || rest > 0; rest = Math.floor(rest / 256))
    bytes.unshift(rest % 256);
  return [bytes.length, ...bytes];
}

function fixed64(value) {
  const bytes = unsigned(value).slice(1);
  return [...Array(8 - bytes.length).fill(0), ...bytes];
}

function ascii(text) {
  return [...text].map((letter) => letter.charCodeAt(0));
}

/** From base64, either alphabet. */
function bytesOf(base64) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const plain = base64.replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, '');
  const bits = [...plain].map((letter) => letters.indexOf(letter));
  const bytes = [];
  for (let i = 0, held = 0, count = 0; i < bits.length; i++) {
    held = ((held << 6) | bits[i]) & 0xffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push((held >> count) & 0xff);
    }
  }
  return new Uint8Array(bytes);
}
