import { MirrormonError } from '../../errors.ts';
import { type Joined, joinValues, type OffsetRange, rewriteValues } from '../../kafka/join-values.ts';
import type { KafkaAccount } from '../../kafka/partition-account.ts';
import {
  type BatchOptions,
  CorruptBatch,
  type RecordBatch,
  recordBatches,
} from '../../kafka/record-batches.ts';
import { RecordPlaces } from '../../kafka/record-places.ts';
import { free } from '../free.ts';
import { annotated } from './annotate.ts';
import type { Piece } from './fetching.ts';
import type { Places, Run } from './places.ts';

/** What is handed on at once, unless a batch is larger by itself. */
const CHUNK = 1 << 20;
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
  /** Asked for anew with each entry. */
  account(topic: string, partition: number): KafkaAccount;
}

/** Turns what was fetched into bytes: the values of records, a line each. */
export class Chunks {
  private readonly options: ChunksOptions;
  /** Lent to the consumer with each chunk, and used again with the next. */
  private readonly buffer = Buffer.allocUnsafeSlow(CHUNK);
  private filled = 0;
  /** Bytes given out before what is in the buffer. */
  private given = 0;
  private run: Run | undefined;

  constructor(options: ChunksOptions) {
    this.options = options;
  }

  /**
   * The consumer's until it asks for the next one.
   * @throws {MirrormonError} INPUT_CORRUPT
   */
  *of(piece: Piece): Generator<Uint8Array> {
    try {
      yield* this.valuesOf(piece);
      freeWhole(piece.fetched.records);
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
    for (const batch of recordBatches(fetched.records, { aborted, unpack, checksum })) {
      const account = this.options.account(topic, partition);
      account.next = Math.min(batch.nextOffset, end);
      if (batch.skipped === 'aborted') account.aborted += batch.count;
      if (batch.skipped !== undefined) continue;
      const run = this.runOf(topic, partition);
      if (run.places.count === 0) run.places.reserve(Math.min(fetched.records.length >> 6, MOST_RESERVED));
      const before = run.places.count;
      const joined = this.join(batch, { from, to: end }, run);
      account.tombstones += joined.tombstones;
      account.records += run.places.count - before;
      account.bytes += joined.bytes.length - (run.places.count - before);
      yield* this.hold(joined.bytes);
    }
    const account = this.options.account(topic, partition);
    const stable = committedOnly ? fetched.lastStableOffset : fetched.highWatermark;
    account.lag = Math.max(stable - account.next, 0);
    yield* this.flush();
  }

  private join(batch: RecordBatch, range: OffsetRange, run: Run): Joined {
    const base = this.given + this.filled - run.base;
    if (!this.options.annotates) return joinValues(batch, range, run.places, base);
    const { topic, partition } = run;
    return rewriteValues(batch, range, run.places, base, (value, parts) =>
      annotated(value, topic, partition, parts),
    );
  }

  /** Gathers what is small, and gives out what is full or large. */
  private *hold(bytes: Buffer): Generator<Uint8Array> {
    const isLarge = bytes.length > CHUNK / 2;
    if (isLarge || this.filled + bytes.length > CHUNK) yield* this.give();
    if (isLarge) {
      this.given += bytes.length;
      yield bytes;
    } else {
      bytes.copy(this.buffer, this.filled);
      this.filled += bytes.length;
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
    yield this.buffer.subarray(0, filled);
  }

  private runOf(topic: string, partition: number): Run {
    if (this.run === undefined) {
      this.run = { topic, partition, base: this.given, places: new RecordPlaces() };
      this.options.places.add(this.run);
    }
    return this.run;
  }
}

/** Memory that holds nothing else is given back at once: see free. */
function freeWhole({ buffer, byteLength }: Buffer): void {
  if (byteLength > 0 && byteLength === buffer.byteLength) free(buffer);
}
