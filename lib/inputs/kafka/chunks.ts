import { MirrormonError } from '../../errors.ts';
import { type BatchMemory, isShared } from '../../kafka/batch-memory.ts';
import { joinValues, type OffsetRange, rewriteValues } from '../../kafka/join-values.ts';
import type { KafkaAccount } from '../../kafka/partition-account.ts';
import {
  type BatchOptions,
  CorruptBatch,
  lengthOfBatch,
  type RecordBatch,
  recordBatches,
} from '../../kafka/record-batches.ts';
import { RecordPlaces } from '../../kafka/record-places.ts';
import type { BatchCounts, RecordsModule } from '../../kafka/records-module.ts';
import type { Room } from '../../kafka/room.ts';
import { copyBytes } from '../../text/bytes.ts';
import { annotated } from './annotate.ts';
import type { Piece } from './fetching.ts';

export interface ChunksOptions {
  /** What messages call the input. */
  readonly name: string;
  readonly unpack: BatchOptions['unpack'];
  readonly checksum: BatchOptions['checksum'];
  readonly committedOnly: boolean;
  /** Records are given what Kafka knows of them as a field. */
  readonly annotates: boolean;
  /** What pieces lie in; it has it back when they are used. */
  readonly memory: BatchMemory;
  /** Joins what lies in its memory, if that is where rooms are. */
  readonly module?: RecordsModule | undefined;
  /** Asked for anew with each entry. */
  account(topic: string, partition: number): KafkaAccount;
}

/** Turns what was fetched into bytes: the values of records, a line each. */
export class Chunks {
  private readonly options: ChunksOptions;
  private room!: Room;

  constructor(options: ChunksOptions) {
    this.options = options;
  }

  /** Where the next chunk is put, which is empty; the last one was given out. */
  into(room: Room): void {
    this.room = room;
  }

  /**
   * Fills rooms: each time it gives, the one at hand is filled as far as it goes, or with the last that there is. Before it
   * is asked to go on, `into` says where.
   * @throws {MirrormonError} INPUT_CORRUPT
   */
  *of(piece: Piece): Generator<void> {
    try {
      yield* this.valuesOf(piece);
    } catch (error) {
      if (!(error instanceof CorruptBatch)) throw error;
      const { topic, partition } = piece.partition;
      throw new MirrormonError('INPUT_CORRUPT', error.message, {
        where: `${this.options.name}: ${topic}/${partition}, offset ${error.offset}`,
        cause: error,
      });
    } finally {
      this.options.memory.give(piece.fetched.records);
    }
  }

  private *valuesOf(piece: Piece): Generator<void> {
    const { module, annotates, committedOnly } = this.options;
    const { fetched, from } = piece;
    const { records } = fetched;
    const begun = this.accountOf(piece);
    begun.next = Math.max(begun.next, from);
    const isThere = module !== undefined && !annotates && isShared(records);
    if (isThere && this.abortedIn(piece).length === 0) yield* this.joinAll(module, piece);
    else for (const batch of this.batchesOf(piece, records)) yield* this.joinBatch(batch, piece);
    const account = this.accountOf(piece);
    const stable = committedOnly ? fetched.lastStableOffset : fetched.highWatermark;
    account.lag = Math.max(stable - account.next, 0);
    if (this.room.length > 0) yield;
  }

  /** Batch after batch by the module, but for those that it leaves. */
  private *joinAll(module: RecordsModule, piece: Piece): Generator<void> {
    const { checksum, memory } = this.options;
    module.beginAll(piece.fetched.records, rangeOf(piece), checksum);
    for (;;) {
      const { ending, nextOffset, ...counts } = module.fillAll(this.room, memory);
      this.enter(piece, counts, nextOffset);
      if (ending === 'over') return;
      if (this.room.isFull) yield;
      if (ending === 'full') continue;
      const { unread } = module;
      const { value: batch } = this.batchesOf(piece, unread).next();
      if (batch === undefined) return;
      yield* this.joinBatch(batch as RecordBatch, piece);
      module.beginAll(unread.subarray(lengthOfBatch(unread)), rangeOf(piece), checksum);
    }
  }

  private batchesOf(piece: Piece, records: Buffer): Generator<RecordBatch> {
    const { unpack, checksum } = this.options;
    return recordBatches(records, { aborted: this.abortedIn(piece), unpack, checksum });
  }

  private abortedIn({ fetched }: Piece): Piece['fetched']['aborted'] {
    return this.options.committedOnly ? fetched.aborted : [];
  }

  private *joinBatch(batch: RecordBatch, piece: Piece): Generator<void> {
    const { module, annotates, memory } = this.options;
    const account = this.accountOf(piece);
    account.next = Math.min(batch.nextOffset, piece.partition.end);
    if (batch.skipped === 'aborted') account.aborted += batch.count;
    if (batch.skipped !== undefined) return;
    if (module !== undefined && !annotates && isShared(batch.records)) {
      this.enter(piece, module.begin(batch, rangeOf(piece)), batch.nextOffset);
      while (!module.fill(this.room)) yield;
    } else yield* this.joinHere(batch, piece);
    if (batch.isUnpacked) memory.give(batch.records);
  }

  private *joinHere(batch: RecordBatch, piece: Piece): Generator<void> {
    const places = new RecordPlaces();
    const { topic, partition } = piece.partition;
    const { bytes, tombstones } = this.options.annotates
      ? rewriteValues(batch, rangeOf(piece), places, 0, (value, parts) =>
          annotated(value, topic, partition, parts),
        )
      : joinValues(batch, rangeOf(piece), places, 0);
    const records = places.count;
    this.enter(piece, { records, tombstones, bytes: bytes.length - records }, batch.nextOffset);
    yield* this.hold(bytes, places);
  }

  private enter(piece: Piece, { records, tombstones, bytes }: BatchCounts, nextOffset: number): void {
    const account = this.accountOf(piece);
    account.records += records;
    account.tombstones += tombstones;
    account.bytes += bytes;
    if (!Number.isNaN(nextOffset)) account.next = Math.min(nextOffset, piece.partition.end);
  }

  private accountOf({ partition: { topic, partition } }: Piece): KafkaAccount {
    return this.options.account(topic, partition);
  }

  private *hold(bytes: Buffer, { count, starts, offsets, times }: RecordPlaces): Generator<void> {
    for (let from = 0, k = 0; from < bytes.length; ) {
      if (this.room.isFull) yield;
      const { room } = this;
      let to = Math.min(bytes.length, from + room.bytes.length - room.length);
      for (; k < count && starts[k]! < to && !room.isFull; k++) {
        room.place(room.length + starts[k]! - from, offsets[k]!, times[k]!);
      }
      if (k < count) to = Math.min(to, starts[k]!);
      copyBytes(room.bytes, room.length, bytes.subarray(from, to));
      room.length += to - from;
      from = to;
    }
  }
}

/** Of records that are wanted of a piece: batches are fetched whole. */
function rangeOf({ partition, from }: Piece): OffsetRange {
  return { from, to: partition.end };
}
