/** An encoder of record batches for tests, written from Kafka's description of the format and from nothing in lib. */

export interface TestRecord {
  readonly key?: string | undefined;
  readonly value: string | undefined;
  readonly headers?: readonly (readonly [string, string | undefined])[];
  /** Milliseconds after the batch's first. */
  readonly after?: number;
}

export interface TestBatch {
  readonly baseOffset?: number;
  readonly baseTime?: number;
  readonly maxTime?: number;
  readonly attributes?: number;
  readonly producerId?: bigint;
  readonly records: readonly TestRecord[];
  /** In place of their places in the list. */
  readonly offsetDeltas?: readonly number[];
  readonly pack?: (records: Buffer) => Buffer;
}

/** Zigzag, seven bits a byte. */
export function varint(value: number): Buffer {
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

const sized = (bytes: Buffer | undefined): Buffer =>
  bytes === undefined ? varint(-1) : Buffer.concat([varint(bytes.length), bytes]);

const text = (value: string | undefined): Buffer | undefined =>
  value === undefined ? undefined : Buffer.from(value);

function encodeRecord({ key, value, headers = [], after = 0 }: TestRecord, offsetDelta: number): Buffer {
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(after),
    varint(offsetDelta),
    sized(text(key)),
    sized(text(value)),
    varint(headers.length),
    ...headers.flatMap(([name, content]) => [sized(Buffer.from(name)), sized(text(content))]),
  ]);
  return sized(body);
}

export function encodeBatch(batch: TestBatch): Buffer {
  const {
    baseOffset = 0,
    baseTime = 0,
    maxTime = baseTime,
    attributes = 0,
    producerId = -1n,
    records,
  } = batch;
  const deltas = batch.offsetDeltas ?? records.map((_, k) => k);
  const plain = Buffer.concat(records.map((record, k) => encodeRecord(record, deltas[k]!)));
  const packed = batch.pack?.(plain) ?? plain;
  const head = Buffer.alloc(61);
  head.writeBigInt64BE(BigInt(baseOffset), 0);
  head.writeInt32BE(61 - 12 + packed.length, 8);
  head[16] = 2;
  head.writeInt16BE(attributes, 21);
  head.writeInt32BE(deltas.at(-1) ?? 0, 23);
  head.writeBigInt64BE(BigInt(baseTime), 27);
  head.writeBigInt64BE(BigInt(maxTime), 35);
  head.writeBigInt64BE(producerId, 43);
  head.writeInt32BE(records.length, 57);
  const whole = Buffer.concat([head, packed]);
  whole.writeUInt32BE(crc32c(whole.subarray(21)), 17);
  return whole;
}

export const TRANSACTIONAL = 0x10;
export const CONTROL = 0x20;

/** The end of a transaction. */
export function encodeMarker(baseOffset: number, producerId: bigint, committed: boolean): Buffer {
  return encodeBatch({
    baseOffset,
    producerId,
    attributes: TRANSACTIONAL | CONTROL,
    records: [{ key: committed ? '\0\0\0\u0001' : '\0\0\0\0', value: '\0\0\0\0\0\0' }],
  });
}

/** Bit by bit. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}
