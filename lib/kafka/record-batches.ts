/** Record batches of Kafka's message format 2, as a fetch gives them: found, checked and unpacked without an object a record. */

/** Bytes of a batch before its records, and where its fields stand. */
const HEADER_BYTES = 61;
const LENGTH_AT = 8;
const MAGIC_AT = 16;
const CRC_AT = 17;
const ATTRIBUTES_AT = 21;
/** What the length does not count: base offset and length itself. */
const UNCOUNTED = 12;
const FORMAT = 2;
const ABORT = 0;

const CODEC_BITS = 0b111;
const APPEND_TIME = 0b1000;
const TRANSACTIONAL = 0b10000;
const CONTROL = 0b100000;

export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

export interface BatchOptions {
  /** Transactions that were aborted within what was fetched; empty for read_uncommitted. */
  readonly aborted: readonly AbortedTransaction[];
  /** @throws {Error} whose message says why a codec (1 gzip, 2 snappy, 3 lz4, 4 zstd) cannot be unpacked */
  readonly unpack: (codec: number, bytes: Buffer) => Buffer;
  /** CRC-32C. */
  readonly checksum: (bytes: Buffer) => number;
}

export interface RecordBatch {
  readonly baseOffset: number;
  /** Offset behind its last record, whether that is still there or not. */
  readonly nextOffset: number;
  /** Why none of its records is data: a marker of a transaction's end, or of a transaction that was aborted. */
  readonly skipped: 'control' | 'aborted' | undefined;
  readonly count: number;
  /** Unpacked, and the reader's to change; empty where the batch is skipped. */
  readonly records: Buffer;
  /** Whether these lie in memory of their own. */
  readonly isUnpacked: boolean;
  /** Milliseconds since the epoch: what the records' times are told from, or the time of all if the broker gave it. */
  readonly baseTime: number;
  readonly appendTime: number | undefined;
}

/** A batch that cannot be read: what it is, and at which offset. */
export class CorruptBatch extends Error {
  override readonly name = 'CorruptBatch';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Bytes of the batch that begins here. */
export function lengthOfBatch(bytes: Buffer, at = 0): number {
  return UNCOUNTED + bytes.readInt32BE(at + LENGTH_AT);
}

/** Where the next fetch begins: behind the last whole batch; undefined if there is none. Only headers are looked at. */
export function offsetBehind(bytes: Buffer): number | undefined {
  let next: number | undefined;
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    const end = at + lengthOfBatch(bytes, at);
    if (end > bytes.length || end < at + HEADER_BYTES) break;
    next = Number(bytes.readBigInt64BE(at)) + bytes.readInt32BE(at + 23) + 1;
    at = end;
  }
  return next;
}

/**
 * The batches of a run of bytes, in their order. A last one that is cut off is left out: the next fetch has it whole.
 * @throws {CorruptBatch}
 */
export function* recordBatches(bytes: Buffer, options: BatchOptions): Generator<RecordBatch> {
  const aborted = new AbortedRanges(options.aborted);
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    const end = at + lengthOfBatch(bytes, at);
    const baseOffset = Number(bytes.readBigInt64BE(at));
    const magic = bytes[at + MAGIC_AT]!;
    if (magic !== FORMAT) {
      throw new CorruptBatch(
        `message format ${magic} is not read, only ${FORMAT}, which brokers write since 0.11`,
        baseOffset,
      );
    }
    if (end < at + HEADER_BYTES)
      throw new CorruptBatch('a record batch is shorter than its header', baseOffset);
    if (end > bytes.length) return;
    yield readBatch(bytes.subarray(at, end), baseOffset, aborted, options);
    at = end;
  }
}

function readBatch(
  batch: Buffer,
  baseOffset: number,
  aborted: AbortedRanges,
  { unpack, checksum }: BatchOptions,
): RecordBatch {
  if (checksum(batch.subarray(ATTRIBUTES_AT)) !== batch.readUInt32BE(CRC_AT)) {
    throw new CorruptBatch('a record batch is damaged: its checksum does not fit', baseOffset);
  }
  const attributes = batch.readInt16BE(ATTRIBUTES_AT);
  const nextOffset = baseOffset + batch.readInt32BE(23) + 1;
  const producerId = batch.readBigInt64BE(43);
  const count = batch.readInt32BE(57);
  const packed = batch.subarray(HEADER_BYTES);
  const isControl = (attributes & CONTROL) !== 0;
  aborted.moveTo(nextOffset - 1);
  if (isControl && markerType(packed) === ABORT) aborted.end(producerId);
  const isAborted = !isControl && (attributes & TRANSACTIONAL) !== 0 && aborted.has(producerId);
  const skipped = isControl ? 'control' : isAborted ? 'aborted' : undefined;
  const codec = attributes & CODEC_BITS;
  return {
    baseOffset,
    nextOffset,
    skipped,
    count,
    records:
      skipped !== undefined
        ? packed.subarray(0, 0)
        : codec === 0
          ? packed
          : unpacked(codec, packed, baseOffset, unpack),
    isUnpacked: skipped === undefined && codec !== 0,
    baseTime: Number(batch.readBigInt64BE(27)),
    appendTime: (attributes & APPEND_TIME) === 0 ? undefined : Number(batch.readBigInt64BE(35)),
  };
}

function unpacked(codec: number, packed: Buffer, offset: number, unpack: BatchOptions['unpack']): Buffer {
  try {
    return unpack(codec, packed);
  } catch (error) {
    throw new CorruptBatch(error instanceof Error ? error.message : String(error), offset);
  }
}

/** 0 abort, 1 commit: the second half of the key of a control batch's only record. */
function markerType(records: Buffer): number {
  const cursor = new RecordCursor(records, 0);
  cursor.varint();
  cursor.at++;
  cursor.varint();
  cursor.varint();
  const keyLength = cursor.varint();
  return keyLength >= 4 && cursor.at + 4 <= records.length ? records.readInt16BE(cursor.at + 2) : -1;
}

/** Which producers' records belong to transactions that were aborted, moving along the offsets. */
class AbortedRanges {
  private readonly coming: AbortedTransaction[];
  private readonly open = new Set<bigint>();

  constructor(aborted: readonly AbortedTransaction[]) {
    this.coming = [...aborted].sort((a, b) => b.firstOffset - a.firstOffset);
  }

  moveTo(offset: number): void {
    while (this.coming.length > 0 && this.coming.at(-1)!.firstOffset <= offset) {
      this.open.add(this.coming.pop()!.producerId);
    }
  }

  end(producerId: bigint): void {
    this.open.delete(producerId);
  }

  has(producerId: bigint): boolean {
    return this.open.has(producerId);
  }
}

/** Reads the numbers of records, of variable length and zigzag. Behind the end there are zeros. */
export class RecordCursor {
  readonly bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** Up to 64 bits; exact up to 2^53. */
  varint(): number {
    const { bytes } = this;
    let byte = bytes[this.at++] ?? 0;
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
    let value = byte & 0x7f;
    let factor = 0x80;
    do {
      byte = bytes[this.at++] ?? 0;
      value += (byte & 0x7f) * factor;
      factor *= 0x80;
    } while (byte >= 0x80 && factor < 2 ** 70);
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
  /** The end of the record that begins here. @throws {CorruptBatch} */
  recordEnd(batchOffset: number): number {
    const length = this.varint();
    const end = this.at + length;
    if (length < 6 || end > this.bytes.length) {
      throw new CorruptBatch('a record batch has fewer records than it says', batchOffset);
    }
    return end;
  }

  /** Bytes behind their length, none of which may lie behind `end`; undefined where there are none. @throws {CorruptBatch} */
  bytesUntil(end: number, offset: number): Buffer | undefined {
    const length = this.varint();
    if (length < 0) return undefined;
    const start = this.at;
    this.at += length;
    if (this.at > end) throw new CorruptBatch('a record is longer than it says', offset);
    return this.bytes.subarray(start, this.at);
  }
}
