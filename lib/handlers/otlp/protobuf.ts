/**
 * Messages by their fields: the JSON mapping of OTLP on one side, protobuf's wire format on the other. A request is
 * built once, in the JSON mapping; this writes it as protobuf.
 */
import { Buffer } from 'node:buffer';

export type FieldType = 'string' | 'bool' | 'int64' | 'uint32' | 'double' | 'fixed64' | 'fixed32' | 'hex';

/** Fields by the name that they have in the JSON mapping. */
export interface Message {
  readonly [field: string]: readonly [number: number, type: FieldType | (() => Message)];
}

interface Field {
  readonly name: string;
  readonly number: number;
  readonly type: FieldType | (() => Message);
}

const listed = new WeakMap<Message, readonly Field[]>();

function fieldsOf(message: Message): readonly Field[] {
  let fields = listed.get(message);
  if (fields === undefined) {
    fields = Object.entries(message).map(([name, [number, type]]) => ({ name, number, type }));
    listed.set(message, fields);
  }
  return fields;
}

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;

const FIRST_SIZE = 1 << 16;

/** What is undefined is left out, and so is what the message does not have. */
export function encode(value: object, message: Message): Uint8Array {
  const writer = new BackwardWriter();
  writer.message(value, message);
  return writer.written();
}

/** A field of a message whose fields are all messages or texts. */
interface DelimitedField {
  readonly number: number;
  readonly content: Uint8Array;
  /** With its tag and its length. */
  readonly whole: Uint8Array;
}

/** The fields of a message that `encode` has written, none of them a number. */
export function* delimitedFields(message: Uint8Array): Generator<DelimitedField> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = message[at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const start = at;
    const number = varint() >> 3;
    const length = varint();
    const content = message.subarray(at, at + length);
    at += length;
    yield { number, content, whole: message.subarray(start, at) };
  }
}

/** A message as a field, of fields as they are written. */
export function delimited(number: number, fields: readonly Uint8Array[]): Uint8Array {
  const writer = new BackwardWriter();
  for (const field of fields.toReversed()) writer.raw(field);
  return writer.framed(number);
}

/** Writes from the end to the beginning: when a message's length is due, what it counts is written already. */
class BackwardWriter {
  private buffer = Buffer.allocUnsafe(FIRST_SIZE);
  private start = FIRST_SIZE;

  written(): Uint8Array {
    return this.buffer.subarray(this.start);
  }

  /** Bytes written; unlike places in the buffer it does not change when the buffer grows. */
  private get size(): number {
    return this.buffer.length - this.start;
  }

  message(value: object, message: Message): void {
    for (const { name, number, type } of fieldsOf(message)) {
      const content = (value as Record<string, unknown>)[name];
      if (content === undefined) continue;
      if (!Array.isArray(content)) this.field(number, type, content);
      else for (let i = content.length - 1; i >= 0; i--) this.field(number, type, content[i]);
    }
  }

  raw(bytes: Uint8Array): void {
    this.need(bytes.length);
    this.buffer.set(bytes, this.start);
  }

  /** All that was written, as a field. */
  framed(number: number): Uint8Array {
    this.frame(number, this.size);
    return this.written();
  }

  private frame(number: number, length: number): void {
    this.varint(length);
    this.varint((number << 3) | DELIMITED);
  }

  private field(number: number, type: FieldType | (() => Message), value: unknown): void {
    if (typeof type === 'function') {
      const before = this.size;
      this.message(value as object, type());
      this.frame(number, this.size - before);
    } else this.varint((number << 3) | this.scalar(type, value));
  }

  /** @returns the wire type */
  private scalar(type: FieldType, value: unknown): number {
    switch (type) {
      case 'string':
        this.delimited(value as string, 'utf8');
        return DELIMITED;
      case 'hex':
        this.delimited(value as string, 'hex');
        return DELIMITED;
      case 'bool':
        this.varint(value === true ? 1 : 0);
        return VARINT;
      case 'uint32':
        this.varint(value as number);
        return VARINT;
      case 'int64':
        this.int64(value as string);
        return VARINT;
      case 'double':
        this.need(8);
        this.buffer.writeDoubleLE(value as number, this.start);
        return FIXED64;
      case 'fixed64':
        this.need(8);
        this.buffer.writeBigUInt64LE(BigInt(value as string), this.start);
        return FIXED64;
      case 'fixed32':
        this.need(4);
        this.buffer.writeUInt32LE(value as number, this.start);
        return FIXED32;
    }
  }

  private delimited(text: string, encoding: 'utf8' | 'hex'): void {
    const length = Buffer.byteLength(text, encoding);
    this.need(length);
    this.buffer.write(text, this.start, encoding);
    this.varint(length);
  }

  private int64(digits: string): void {
    const value = Number(digits);
    if (value >= 0 && Number.isSafeInteger(value)) this.varint(value);
    else this.bigVarint(BigInt.asUintN(64, BigInt(digits)));
  }

  /** @param value a whole number from 0 to 2^53 - 1 */
  private varint(value: number): void {
    if (value < 0x80) {
      this.need(1);
      this.buffer[this.start] = value;
      return;
    }
    let length = 1;
    for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++;
    this.need(length);
    let at = this.start;
    for (let rest = value; length > 0; length--, rest = Math.floor(rest / 0x80)) {
      this.buffer[at++] = (rest % 0x80) | (length > 1 ? 0x80 : 0);
    }
  }

  private bigVarint(value: bigint): void {
    const bytes: number[] = [];
    let rest = value;
    for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
    this.need(bytes.length);
    this.buffer.set(bytes, this.start);
  }

  /** Makes room in front of what is written, and moves there. */
  private need(count: number): void {
    if (count > this.start) {
      const { length } = this.buffer;
      const larger = Buffer.allocUnsafe(Math.max(2 * length, length + count));
      const start = larger.length - (length - this.start);
      this.buffer.copy(larger, start, this.start);
      this.buffer = larger;
      this.start = start;
    }
    this.start -= count;
  }
}
