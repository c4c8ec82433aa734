import type { Batch, Input, SourcePlace } from '../batch/batch.ts';
import type { KafkaConfig } from '../config.ts';
import { KAFKA_FIELD } from '../inputs/kafka/annotate.ts';
import { kafkaName } from '../inputs/kafka/kafka-url.ts';
import type { ReadPartition } from '../inputs/kafka/partitions.ts';
import { Places, type Run } from '../inputs/kafka/places.ts';
import type { TopicThread } from '../inputs/kafka/topic-thread.ts';
import type { RoleAccount } from '../kafka/role-account.ts';
import type { PipelineOptions } from '../pipeline.ts';
import { ByHand } from './by-hand.ts';
import type { Cluster } from './cluster.ts';

/** What of the inputs is read between two commits: one input, so that nothing of it is left in the parser. */
class Stretch implements Input {
  readonly name: string;
  framing = '';
  readonly pauses = true;
  private readonly places: Places;
  /** Bytes that were given out before. */
  readonly base: number;

  constructor(name: string, places: Places, base: number) {
    this.name = name;
    this.places = places;
    this.base = base;
  }

  placeOf = (offset: number): SourcePlace | undefined => {
    const place = this.places.at(this.base + offset);
    return place && { name: `${place.topic}/${place.partition}`, offset: place.offset };
  };

  timeOf = (offset: number): number => this.places.at(this.base + offset)?.time ?? Number.NaN;
}

/** A partition as it is read. */
export interface Reading {
  readonly partition: ReadPartition;
  /** Offset of the first record that was not measured, and what the group knows of it. */
  next: number;
  committed: number | undefined;
  /** Milliseconds since the epoch; null before the first record. */
  newest: number | null;
}

/** The way of records through the pipeline, stretch by stretch. */
export class Passage {
  readonly hand: ByHand;
  bytes = 0;
  private readonly kafka: KafkaConfig;
  private readonly name: string;
  private readonly tell: (message: string) => void;
  private readonly places = new Places();
  private given = 0;
  private counted = 0;
  private stretch: Stretch | undefined;
  /** Where in the stretch bytes of which partition begin. */
  private extents: { readonly from: number; readonly reading: Reading }[] = [];

  private constructor(hand: ByHand, { kafka, tell }: Cluster) {
    this.hand = hand;
    this.kafka = kafka;
    this.name = kafkaName(kafka);
    this.tell = tell;
  }

  static async open({
    cluster,
    reading,
    roles,
  }: {
    readonly cluster: Cluster;
    readonly reading: PipelineOptions;
    readonly roles: ReadonlyMap<string, RoleAccount>;
  }): Promise<Passage> {
    const { role } = cluster.kafka;
    const metrics = { ...cluster.config.metrics, report: 'all' as const };
    // reports are for those who reduce; how the process fares is told by whoever has the address
    const handlers = cluster.config.handlers
      .filter(({ type }) => type === 'prometheus' && role === 'map')
      .map((handler) => ({ ...handler, subscriptions: [] }));
    const config = { ...cluster.config, metrics, handlers };
    let passage: Passage | undefined;
    // that of an interval alone says when its first record was
    const inAnyOrder = cluster.config.metrics.report !== 'interval';
    const options = { ...reading, inAnyOrder, usage: false, healthOnly: true };
    const hand = await ByHand.open(config, options, (batch) => passage?.noteTimes(batch));
    hand.pipeline.ledger.roles = roles;
    passage = new Passage(hand, cluster);
    return passage;
  }

  /** Records since the last call of `take`. */
  get records(): number {
    return this.hand.pipeline.ledger.read.records - this.counted;
  }

  /**
   * Measures what a thread reads of partitions. After each piece, whose records have all been measured, it gives what of
   * the partitions has been.
   * @param signal the reading ends at once; `finish` behind the piece that is under way
   */
  async *measure(
    thread: TopicThread,
    readings: readonly Reading[],
    ends: { readonly signal: AbortSignal; readonly finish: AbortSignal },
  ): AsyncGenerator<void> {
    const { pipeline } = this.hand;
    const byName = new Map(readings.map((one) => [nameOf(one.partition), one]));
    const order = {
      ...{ config: this.kafka, name: this.name },
      annotates: pipeline.asksFor(KAFKA_FIELD),
      partitions: readings.map(({ partition }) => partition),
    };
    const chunks = thread.read(order, {
      ...ends,
      warn: this.tell,
      places: { add: (run) => this.add(run, byName.get(nameOf(run))!) },
      account: (topic, partition) => pipeline.ledger.partition(topic, partition),
    });
    for await (const bytes of chunks) {
      if (bytes === undefined) {
        for (const reading of readings) this.moveOn(reading);
        yield;
      } else await this.push(bytes);
    }
  }

  private async push(bytes: Uint8Array): Promise<void> {
    const input = this.current;
    this.given += bytes.length;
    this.bytes += bytes.length;
    await this.hand.push({ input, bytes });
  }

  private get current(): Stretch {
    this.stretch ??= new Stretch(this.name, this.places, this.given);
    return this.stretch;
  }

  private add(run: Run, reading: Reading): void {
    this.places.add(run);
    this.extents.push({ from: run.base - this.current.base, reading });
  }

  private moveOn(reading: Reading): void {
    const { topic, partition } = reading.partition;
    const { next } = this.hand.pipeline.ledger.partition(topic, partition);
    if (next <= reading.next) return;
    reading.next = next;
  }

  /** Notes how far the times of the partitions have come. */
  private noteTimes({ base, offset, time, rows, dismissed }: Batch): void {
    const { extents } = this;
    let at = 0;
    const noteAt = (place: number, newest: number): void => {
      while (at + 1 < extents.length && extents[at + 1]!.from <= place) at++;
      const { reading } = extents[at]!;
      if (newest > (reading.newest ?? Number.NEGATIVE_INFINITY)) reading.newest = newest;
    };
    // a batch ends with its chunk, which is of one partition
    if (dismissed !== undefined) noteAt(base, dismissed.newest);
    for (let row = 0; row < rows; row++) noteAt(base + offset[row]!, time[row]!);
  }

  /** What was measured since the last call. */
  async take(): Promise<Buffer> {
    if (this.stretch !== undefined) await this.hand.push({ ends: true });
    this.stretch = undefined;
    this.extents = [];
    this.bytes = 0;
    this.counted = this.hand.pipeline.ledger.read.records;
    return this.hand.pipeline.state.take();
  }
}

function nameOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}/${partition}`;
}
