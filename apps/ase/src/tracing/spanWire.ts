import { bytesField, bytesFieldHead } from '../telemetry/protobuf.ts';
import type { SpanPlace } from './spanIds.ts';

/** A span that has ended. */
export interface EndedSpan extends SpanPlace {
  readonly parent: SpanPlace | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  /** Unix milliseconds, with fractions. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, string | undefined>>;
  readonly isFailed: boolean;
}
export type SpanKind = keyof typeof KINDS;

/** Numbers of opentelemetry/proto/trace/v1/trace.proto. */
const KINDS = { internal: 1, server: 2, client: 3 };
const FAILED = 2;
/** Sampled, and known whether its parent is remote. */
const FLAGS = 0x101;
const REMOTE_PARENT = 0x200;

/** The first bytes of a span's fields: number and layout. Above 15 the number takes two bytes. */
const SPAN_IN_SCOPE = 0x12;
const TAG = {
  traceId: 0x0a,
  spanId: 0x12,
  parentSpanId: 0x22,
  name: 0x2a,
  kind: 0x30,
  start: 0x39,
  end: 0x41,
  attribute: 0x4a,
  droppedAttributes: 0x50,
  status: 0x7a,
  flags: [0x85, 0x01],
} as const;
const TAG_OF_ATTRIBUTE = { key: 0x0a, value: 0x12, string: 0x0a };
const TAG_OF_STATUS = { code: 0x18 };
const REQUEST = { resourceSpans: 1 };
const RESOURCE_SPANS = { resource: 1, scopeSpans: 2 };
const SCOPE_SPANS = { scope: 1 };
const RESOURCE = { attributes: 1 };
const SCOPE = { name: 1 };
const KEY_VALUE = { key: 1, value: 2 };
const ANY_VALUE = { string: 1 };

/** What a length in two bytes can say. */
const MAX_SPAN_BYTES = 128 * 128 - 1;
/** What comes behind a span's attributes, and what an attribute needs beside its text. */
const LAST_FIELDS_BYTES = 16;
const ATTRIBUTE_BYTES = 16;
/** In front of a span: that there is one, and its length. */
const SPAN_HEADER_BYTES = 3;
/** Room for what is meant to be sent at once, and for one more of the largest. */
const BUFFER_BYTES = 256 * 1024;

/**
 * Spans in the bytes in which OTLP sends them: an ExportTraceServiceRequest in protobuf. A span is written once, when it
 * ends, and is no object any more. The SDK's serializer walks each span twice and makes its ids and times from text.
 */
export class SpanWriter {
  readonly #resource: Buffer;
  readonly #scope: Buffer;
  readonly #bytes = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  #at = 0;
  #count = 0;

  /** `resource`: its attributes. */
  constructor(resource: Readonly<Record<string, string>>, scopeName: string) {
    this.#resource = bytesField(RESOURCE_SPANS.resource, ...Object.entries(resource).map(attributeField));
    this.#scope = bytesField(SCOPE_SPANS.scope, bytesField(SCOPE.name, Buffer.from(scopeName)));
  }

  /** Spans that were written since the last take(). */
  get count(): number {
    return this.#count;
  }

  /** No further span may fit. */
  get isFull(): boolean {
    return this.#at + SPAN_HEADER_BYTES + MAX_SPAN_BYTES > BUFFER_BYTES;
  }

  /** Not when it is full. Attributes that make a span too large are left out, and it says how many. */
  add({ trace, high, low, parent, name, kind, startMs, endMs, attributes, isFailed }: EndedSpan): void {
    this.#byte(SPAN_IN_SCOPE);
    // Two bytes whatever the length is, so that nothing has to be moved; every reader takes a zero in the second.
    const lengthAt = this.#at;
    this.#at += 2;
    this.#byte(TAG.traceId);
    this.#byte(16);
    for (const word of trace.words) this.#word(word);
    this.#byte(TAG.spanId);
    this.#id(high, low);
    if (parent) {
      this.#byte(TAG.parentSpanId);
      this.#id(parent.high, parent.low);
    }
    this.#byte(TAG.name);
    this.#text(name, byteLength(name));
    this.#byte(TAG.kind);
    this.#byte(KINDS[kind]);
    this.#byte(TAG.start);
    this.#time(startMs);
    this.#byte(TAG.end);
    this.#time(endMs);
    this.#attributes(attributes, lengthAt + MAX_SPAN_BYTES - LAST_FIELDS_BYTES);
    this.#byte(TAG.status);
    this.#byte(isFailed ? 2 : 0);
    if (isFailed) {
      this.#byte(TAG_OF_STATUS.code);
      this.#byte(FAILED);
    }
    for (const byte of TAG.flags) this.#byte(byte);
    this.#wordLittleEndian(parent?.isRemote ? FLAGS | REMOTE_PARENT : FLAGS);
    this.#count += 1;
    const length = this.#at - lengthAt - 2;
    this.#bytes[lengthAt] = (length & 0x7f) | 0x80;
    this.#bytes[lengthAt + 1] = length >>> 7;
  }

  /** The request with all spans since the last call. */
  take(): Buffer {
    const spans = this.#bytes.subarray(0, this.#at);
    this.#at = 0;
    this.#count = 0;
    const head = bytesFieldHead(RESOURCE_SPANS.scopeSpans, this.#scope.length + spans.length);
    return bytesField(REQUEST.resourceSpans, this.#resource, head, this.#scope, spans);
  }

  #attributes(attributes: EndedSpan['attributes'], endAt: number): void {
    let dropped = 0;
    for (const key in attributes) {
      const value = attributes[key];
      if (value === undefined) continue;
      const keyBytes = byteLength(key);
      const valueBytes = byteLength(value);
      if (this.#at + keyBytes + valueBytes + ATTRIBUTE_BYTES > endAt) dropped += 1;
      else this.#attribute(key, keyBytes, value, valueBytes);
    }
    if (dropped === 0) return;
    this.#byte(TAG.droppedAttributes);
    this.#varint(dropped);
  }

  #attribute(key: string, keyBytes: number, value: string, valueBytes: number): void {
    const anyValueBytes = 1 + varintBytes(valueBytes) + valueBytes;
    this.#byte(TAG.attribute);
    this.#varint(1 + varintBytes(keyBytes) + keyBytes + 1 + varintBytes(anyValueBytes) + anyValueBytes);
    this.#byte(TAG_OF_ATTRIBUTE.key);
    this.#text(key, keyBytes);
    this.#byte(TAG_OF_ATTRIBUTE.value);
    this.#varint(anyValueBytes);
    this.#byte(TAG_OF_ATTRIBUTE.string);
    this.#text(value, valueBytes);
  }

  /** Its length, and then the text. */
  #text(text: string, bytes: number): void {
    this.#varint(bytes);
    if (bytes !== text.length || bytes > LONG_TEXT) {
      this.#at += this.#bytes.write(text, this.#at);
      return;
    }
    for (let i = 0; i < bytes; i++) this.#bytes[this.#at++] = text.charCodeAt(i);
  }

  #id(high: number, low: number): void {
    this.#byte(8);
    this.#word(high);
    this.#word(low);
  }

  /** Nanoseconds: more than a number can hold exactly, so in two halves. A clock tells no more than its microseconds. */
  #time(ms: number): void {
    const nanoseconds = Math.round(ms * 1e6);
    this.#wordLittleEndian(nanoseconds % TWO_TO_32);
    this.#wordLittleEndian(Math.floor(nanoseconds / TWO_TO_32));
  }

  #byte(value: number): void {
    this.#bytes[this.#at++] = value;
  }

  #varint(value: number): void {
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) this.#byte((rest & 0x7f) | 0x80);
    this.#byte(rest);
  }

  #word(value: number): void {
    this.#at = this.#bytes.writeInt32BE(value | 0, this.#at);
  }

  #wordLittleEndian(value: number): void {
    this.#at = this.#bytes.writeInt32LE(value | 0, this.#at);
  }
}

const attributeField = ([key, value]: [string, string]): Buffer =>
  bytesField(
    RESOURCE.attributes,
    bytesField(KEY_VALUE.key, Buffer.from(key)),
    bytesField(KEY_VALUE.value, bytesField(ANY_VALUE.string, Buffer.from(value))),
  );

const TWO_TO_32 = 2 ** 32;
/** From here on a call of the runtime is quicker than a loop. */
const LONG_TEXT = 40;

/** In UTF-8. Nearly all text of spans is ASCII. */
function byteLength(text: string): number {
  if (text.length > LONG_TEXT) return Buffer.byteLength(text);
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return Buffer.byteLength(text);
  return text.length;
}

const varintBytes = (value: number): number => (value < 0x80 ? 1 : value < 0x4000 ? 2 : 3);
