import type { FieldType, Message } from '../../../lib/handlers/otlp/protobuf.ts';

/** Reads what was written, straight by the description of the wire format: an independent way back. */
export class Reader {
  private at = 0;
  private readonly bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes);
  }

  message(message: Message): Record<string, unknown[]> {
    const found: Record<string, unknown[]> = {};
    while (this.at < this.bytes.length) {
      const tag = Number(this.varint());
      const [name, [, type]] = Object.entries(message).find(([, [number]]) => number === tag >> 3)!;
      found[name] ??= [];
      found[name].push(this.value(type, tag & 7));
    }
    return found;
  }

  private value(type: FieldType | (() => Message), wire: number): unknown {
    if (wire === 0)
      return type === 'int64' ? String(BigInt.asIntN(64, this.varint())) : Number(this.varint());
    if (wire === 1) {
      const bytes = this.take(8);
      return type === 'double' ? bytes.readDoubleLE() : String(bytes.readBigUInt64LE());
    }
    if (wire === 5) return this.take(4).readUInt32LE();
    const bytes = this.take(Number(this.varint()));
    if (typeof type === 'function') return new Reader(bytes).message(type());
    return bytes.toString(type === 'hex' ? 'hex' : 'utf8');
  }

  private varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.bytes[this.at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  private take(count: number): Buffer {
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }
}
