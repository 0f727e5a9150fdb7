import {
  deserializeIlpPrepare,
  deserializeIlpReply,
  Errors,
  type IlpPrepare,
  type IlpReply,
  serializeIlpPrepare,
} from 'ilp-packet';

/** The largest data part that the ILP protocol allows. */
const MAX_DATA_BYTES = 32_767;
/** The largest ILP packet: data, address (1023), the fixed fields and their lengths. */
export const MAX_PACKET_BYTES = 34_000;

/** Reads a Prepare; throws InvalidPacketError (F01) unless the bytes are exactly what the packet encodes to. */
export function decodePrepare(bytes: Buffer): IlpPrepare {
  const prepare = read(bytes);
  if (prepare.data.length > MAX_DATA_BYTES) {
    throw new Errors.InvalidPacketError(
      `data has ${prepare.data.length} bytes, ${MAX_DATA_BYTES} are allowed`,
    );
  }
  // A date of 31 February or bytes behind the end would change on the way: conditions and keys count on bytes.
  if (!isCanonical(prepare, bytes)) {
    throw new Errors.InvalidPacketError('packet is not canonically encoded');
  }
  return prepare;
}

/** Reads a Fulfill or Reject; undefined when the bytes are neither. */
export function decodeReply(bytes: Buffer): IlpReply | undefined {
  try {
    const reply = deserializeIlpReply(bytes);
    return 'fulfillment' in reply || REJECT_CODE.test(reply.code) ? reply : undefined;
  } catch {
    return undefined;
  }
}

const REJECT_CODE = /^[FTR]\d\d$/;

function read(bytes: Buffer): IlpPrepare {
  if (bytes.length > MAX_PACKET_BYTES) throw new Errors.InvalidPacketError('packet is too long');
  try {
    return deserializeIlpPrepare(bytes);
  } catch (error) {
    throw new Errors.InvalidPacketError(error instanceof Error ? error.message : 'packet cannot be read');
  }
}

function isCanonical(prepare: IlpPrepare, bytes: Buffer): boolean {
  try {
    return serializeIlpPrepare(prepare).equals(bytes);
  } catch {
    return false;
  }
}
