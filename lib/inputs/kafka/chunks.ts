import { MirrormonError } from '../../errors.ts';
import { type BatchMemory, isShared } from '../../kafka/batch-memory.ts';
import { type Joined, joinValues, type OffsetRange, rewriteValues } from '../../kafka/join-values.ts';
import type { KafkaAccount } from '../../kafka/partition-account.ts';
import {
  type BatchOptions,
  CorruptBatch,
  type RecordBatch,
  recordBatches,
} from '../../kafka/record-batches.ts';
import { RecordPlaces } from '../../kafka/record-places.ts';
import type { BatchCounts, RecordsModule } from '../../kafka/records-module.ts';
import { copyBytes } from '../../text/bytes.ts';
import { annotated } from './annotate.ts';
import type { Piece } from './fetching.ts';
import type { Places, Run } from './places.ts';

/** Records that room is made for at once, where their number is not known. */
const MOST_RESERVED = 4096;

export interface ChunksOptions {
  /** What messages call the input. */
  readonly name: string;
  readonly unpack: BatchOptions['unpack'];
  readonly checksum: BatchOptions['checksum'];
  readonly committedOnly: boolean;
  /** Records are given what Kafka knows of them as a field. */
  readonly annotates: boolean;
  readonly places: Pick<Places, 'add'>;
  /** What pieces lie in; it has it back when they are used. */
  readonly memory: Pick<BatchMemory, 'give'>;
  /** Joins what lies in its memory, if that is where rooms are. */
  readonly module?: RecordsModule | undefined;
  /** Asked for anew with each entry. */
  account(topic: string, partition: number): KafkaAccount;
}

/** Turns what was fetched into bytes: the values of records, a line each. */
export class Chunks {
  private readonly options: ChunksOptions;
  private room: Buffer = Buffer.alloc(0);
  private filled = 0;
  /** Bytes given out before what is in the room. */
  private given = 0;
  private run: Run | undefined;

  constructor(options: ChunksOptions) {
    this.options = options;
  }

  /** Where the next chunk is put; the last one was given out. */
  into(room: Buffer): void {
    this.room = room;
  }

  /**
   * Chunks as large as there is room, but for the last one; before the next is asked for, `into` says where that goes.
   * @throws {MirrormonError} INPUT_CORRUPT
   */
  *of(piece: Piece): Generator<Uint8Array> {
    try {
      yield* this.valuesOf(piece);
      this.options.memory.give(piece.fetched.records);
    } catch (error) {
      if (!(error instanceof CorruptBatch)) throw error;
      const { topic, partition } = piece.partition;
      throw new MirrormonError('INPUT_CORRUPT', error.message, {
        where: `${this.options.name}: ${topic}/${partition}, offset ${error.offset}`,
        cause: error,
      });
    }
  }

  private *valuesOf({ partition: { topic, partition, end }, fetched, from }: Piece): Generator<Uint8Array> {
    const { unpack, checksum, committedOnly } = this.options;
    const aborted = committedOnly ? fetched.aborted : [];
    const begun = this.options.account(topic, partition);
    begun.next = Math.max(begun.next, from);
    for (const batch of recordBatches(fetched.records, { aborted, unpack, checksum })) {
      const account = this.options.account(topic, partition);
      account.next = Math.min(batch.nextOffset, end);
      if (batch.skipped === 'aborted') account.aborted += batch.count;
      if (batch.skipped !== undefined) continue;
      const run = this.runOf(topic, partition);
      if (run.places.count === 0) run.places.reserve(Math.min(fetched.records.length >> 6, MOST_RESERVED));
      const { module, annotates } = this.options;
      const range = { from, to: end };
      if (module !== undefined && !annotates && isShared(batch.records)) {
        yield* this.joinThere(module, batch, range, run);
      } else yield* this.joinHere(batch, range, run);
      if (batch.isUnpacked) this.options.memory.give(batch.records);
    }
    const account = this.options.account(topic, partition);
    const stable = committedOnly ? fetched.lastStableOffset : fetched.highWatermark;
    account.lag = Math.max(stable - account.next, 0);
    yield* this.flush();
  }

  private *joinThere(
    module: RecordsModule,
    batch: RecordBatch,
    range: OffsetRange,
    run: Run,
  ): Generator<Uint8Array> {
    const { records, tombstones, bytes } = module.begin(batch, range);
    this.enter(run, { records, tombstones, bytes });
    for (;;) {
      const { length, isDone } = module.fill(this.room.subarray(this.filled), run.places, this.placeIn(run));
      this.filled += length;
      if (isDone) return;
      yield* this.give();
    }
  }

  private *joinHere(batch: RecordBatch, range: OffsetRange, run: Run): Generator<Uint8Array> {
    const before = run.places.count;
    const { bytes, tombstones } = this.join(batch, range, run);
    const records = run.places.count - before;
    this.enter(run, { records, tombstones, bytes: bytes.length - records });
    yield* this.hold(bytes);
  }

  private enter({ topic, partition }: Run, { records, tombstones, bytes }: BatchCounts): void {
    const account = this.options.account(topic, partition);
    account.records += records;
    account.tombstones += tombstones;
    account.bytes += bytes;
  }

  /** Of the next byte. */
  private placeIn({ base }: Run): number {
    return this.given + this.filled - base;
  }

  private join(batch: RecordBatch, range: OffsetRange, run: Run): Joined {
    const base = this.placeIn(run);
    if (!this.options.annotates) return joinValues(batch, range, run.places, base);
    const { topic, partition } = run;
    return rewriteValues(batch, range, run.places, base, (value, parts) =>
      annotated(value, topic, partition, parts),
    );
  }

  private *hold(bytes: Buffer): Generator<Uint8Array> {
    for (let from = 0; from < bytes.length; ) {
      if (this.filled === this.room.length) yield* this.give();
      const to = Math.min(bytes.length, from + this.room.length - this.filled);
      copyBytes(this.room, this.filled, bytes.subarray(from, to));
      this.filled += to - from;
      from = to;
    }
  }

  private *flush(): Generator<Uint8Array> {
    yield* this.give();
    this.run = undefined;
  }

  private *give(): Generator<Uint8Array> {
    const { filled } = this;
    if (filled === 0) return;
    this.given += filled;
    this.filled = 0;
    yield this.room.subarray(0, filled);
  }

  private runOf(topic: string, partition: number): Run {
    if (this.run === undefined) {
      this.run = { topic, partition, base: this.given, places: new RecordPlaces() };
      this.options.places.add(this.run);
    }
    return this.run;
  }
}
