/** The little of Protocol Buffers that OTLP messages need where the SDK has no way in. */

/** How a field's value is laid out. */
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 };

export interface Field {
  field: number;
  /** Tag and all. */
  whole: Uint8Array;
  /** Of strings, bytes, messages and fixed numbers. */
  value?: Uint8Array;
  /** Of a varint. */
  number?: number;
}

/** The fields of a message as they come. Throws a RangeError at what is none. */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++];
      if (byte === undefined) throw new RangeError('this is no protobuf message');
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  const bytes = (length: number): Uint8Array => {
    at += length;
    if (at > message.length) throw new RangeError('this protobuf message is cut off');
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const start = at;
    const tag = varint();
    const field = Math.floor(tag / 8);
    const wire = tag % 8;
    let value: Uint8Array | undefined;
    let number: number | undefined;
    if (wire === WIRE.bytes) value = bytes(varint());
    else if (wire === WIRE.varint) number = varint();
    else if (wire === WIRE.fixed64) value = bytes(8);
    else if (wire === WIRE.fixed32) value = bytes(4);
    else throw new RangeError('this is no protobuf message');
    const whole = message.subarray(start, at);
    yield { field, whole, ...(value && { value }), ...(number !== undefined && { number }) };
  }
}

/** The text of a field; empty when it is not there. */
export function textOf(message: Uint8Array, field: number): string {
  const found = [...fieldsOf(message)].find((one) => one.field === field)?.value;
  return found ? Buffer.from(found).toString() : '';
}

/** A field of bytes, of text, or of a message, in parts or whole. */
export function bytesField(field: number, ...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([bytesFieldHead(field, length), ...parts]);
}

/** What stands before a field of `length` bytes that is put together elsewhere. */
export const bytesFieldHead = (field: number, length: number): Buffer =>
  Buffer.concat([varintOf(field * 8 + WIRE.bytes), varintOf(length)]);

export function fixed64Field(field: number, write: (to: Buffer) => void): Buffer {
  const value = Buffer.alloc(8);
  write(value);
  return Buffer.concat([varintOf(field * 8 + WIRE.fixed64), value]);
}

function varintOf(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}
