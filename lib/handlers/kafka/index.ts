import type { Producer } from '@platformatic/kafka';
import type { Flow, Picks } from '../../batch/batch.ts';
import type { HandlerConfig } from '../../config.ts';
import { MirrormonError } from '../../errors.ts';
import { clientOptions } from '../../kafka/connect.ts';
import { explainFailure } from '../../kafka/failures.ts';
import { loadKafka } from '../../kafka/library.ts';
import { encodePicks } from '../encode/index.ts';
import type { HandlerContext, Joining, Parcel, ParcelHandler, Written } from '../handler.ts';
import { Unwritable } from '../unwritable.ts';
import { joinMessages, type Message, MessageWriter, messagesIn } from './messages.ts';
import { type KeyOf, keyFor } from './record-key.ts';

/** Of one parcel: a partition's share of it is one batch, of which brokers take 1 MiB unless they are told otherwise. */
const PARCEL_BYTES = 900_000;
const PARCEL_MESSAGES = 4096;
/** Every replica that is in sync has it. */
const ALL = -1;

type BytesProducer = Producer<Buffer, Buffer, Buffer, Buffer>;

class Kafka implements ParcelHandler {
  readonly name: string;
  readonly type = 'kafka';
  readonly joining: Joining = { count: PARCEL_MESSAGES, bytes: PARCEL_BYTES, join: joinMessages };
  private readonly config: HandlerConfig;
  private readonly context: HandlerContext;
  private readonly keyOf: KeyOf;
  private readonly unwritable: Unwritable;
  private producer: BytesProducer | undefined;
  /** Records without a key go to the partitions in turn. */
  private turn = 0;
  private makeProducer: (() => BytesProducer) | undefined;

  constructor(config: HandlerConfig, context: HandlerContext) {
    this.name = config.name;
    this.config = config;
    this.context = context;
    this.keyOf = keyFor(config.key ?? 'none');
    this.unwritable = new Unwritable(config.name, context);
  }

  private get where(): string {
    return `kafka://${this.context.config.kafka.brokers.join(',')}/${this.config.topic}`;
  }

  /** Makes ready what needs no broker: one that is not up yet is waited for when there is something to write. */
  async open(): Promise<void> {
    const { kafka } = this.context.config;
    const { place, compression = 'none' } = this.config;
    if (kafka.brokers.length === 0) {
      throw new MirrormonError(
        'CONFIG_INVALID',
        `handler ${this.name} is to write to Kafka, but to no broker`,
        {
          where: place,
          hint: 'set kafka.brokers, such as [broker:9092]',
        },
      );
    }
    const library = await loadKafka(place);
    if (!library.compressionsAlgorithms[compression].available) {
      throw new MirrormonError('CONFIG_INVALID', `handler ${this.name}: this Node has no ${compression}`, {
        where: place,
        hint: 'take compression: lz4, or run it with Node 22.15 or later',
      });
    }
    const options = await clientOptions(kafka);
    this.makeProducer = () =>
      new library.Producer<Buffer, Buffer, Buffer, Buffer>({
        ...options,
        autocreateTopics: false,
        idempotent: true,
        // fewer would be taken for none said, and it would try for ever
        retries: 2,
        partitioner: (message, key) =>
          // equal keys go where Java's producers send them
          key === undefined ? this.turn++ : library.compatibilityPartitioner(message, key),
      });
    await this.check();
  }

  /** What no patience mends is told before anything is read; all else is waited for. */
  private async check(): Promise<void> {
    const { topic = '', place } = this.config;
    this.producer = this.makeProducer!();
    try {
      await this.producer.metadata({ topics: [topic], autocreateTopics: false });
    } catch (error) {
      const { message, hint, canRetry } = explainFailure(error);
      if (canRetry) return;
      await this.close();
      throw new MirrormonError(
        'HANDLER_OPEN',
        `handler ${this.name}: ${this.where} cannot be written: ${message}`,
        {
          where: place,
          hint,
          cause: error,
        },
      );
    }
  }

  *pack(flow: Flow, picks: Picks): Generator<Parcel> {
    const { bytes, ends } = encodePicks(flow, picks, this.config, this.context, {
      unwritable: this.counted(),
    });
    const writer = new MessageWriter();
    let start = 0;
    for (let pick = 0; pick < picks.count; pick++) {
      const end = ends[pick]!;
      // without the newline; what cannot be written has not even that
      const value = bytes.subarray(start, Math.max(end - 1, start));
      if (
        writer.count > 0 &&
        (writer.bytes + value.length > PARCEL_BYTES || writer.count >= PARCEL_MESSAGES)
      ) {
        yield this.parcel(writer);
      }
      if (end > start) this.add(writer, value, flow, picks.row[pick]!);
      start = end;
    }
    yield this.parcel(writer);
  }

  private add(writer: MessageWriter, value: Uint8Array, flow: Flow, row: number): void {
    let key: Buffer | undefined;
    try {
      key = this.keyOf?.(flow, row);
    } catch (error) {
      this.unwritable.add(flow.batch, row, error);
      return;
    }
    writer.add(key, value);
  }

  /** What cannot be written is told and counted. */
  private counted(): Pick<Unwritable, 'tell'> {
    return { tell: (batch, row, error) => this.unwritable.add(batch, row, error) };
  }

  private parcel(writer: MessageWriter): Parcel {
    const { count, bytes } = writer;
    return { body: writer.take(), count, bytes, refused: this.unwritable.refused() };
  }

  /** Waits until all replicas in sync have it. */
  async deliver({ body, count, bytes }: Parcel): Promise<Written> {
    const refused = await this.send(messagesIn(body));
    if (refused === 0) return bytes;
    this.context.warn(
      `handler ${this.name}: ${this.where}: records larger than the topic takes are dropped, and counted; raise its max.message.bytes to have them`,
    );
    return refused === count
      ? { bytes: 0, refused: { count, reason: 'too-large' } }
      : { bytes, refused: { count: refused, reason: 'too-large' } };
  }

  /**
   * What is too large for the topic goes in halves, down to the record that is to blame.
   * @returns how many records the topic does not take
   */
  private async send(messages: readonly Message[]): Promise<number> {
    try {
      await this.sendAtOnce(messages);
      return 0;
    } catch (error) {
      const { message, hint, isOfRecord, isTooLarge } = explainFailure(error);
      if (isTooLarge) {
        if (messages.length === 1) return 1;
        const middle = messages.length >> 1;
        return (await this.send(messages.slice(0, middle))) + (await this.send(messages.slice(middle)));
      }
      throw new MirrormonError('HANDLER_WRITE', `cannot be written: ${message}`, {
        where: this.where,
        hint,
        // it could be reached when the run began
        canRetry: !isOfRecord,
        cause: error,
      });
    }
  }

  private async sendAtOnce(messages: readonly Message[]): Promise<void> {
    const { topic = '', compression = 'none' } = this.config;
    this.producer ??= this.makeProducer!();
    try {
      await this.producer.send({
        messages: messages.map(({ key, value }) => ({ topic, ...(key && { key }), value })),
        acks: ALL,
        compression,
      });
    } catch (error) {
      // its numbers of what was sent may not be those of the broker any more
      const { producer } = this;
      this.producer = undefined;
      producer?.close().catch(() => {});
      throw error;
    }
  }

  abort(): void {
    this.producer?.close().catch(() => {});
  }

  async close(): Promise<void> {
    await this.producer?.close().catch(() => {});
    this.producer = undefined;
  }
}

/** A kafka handler: events and records to a topic, acknowledged by all replicas in sync before `deliver` resolves. */
export function openKafka(config: HandlerConfig, context: HandlerContext): ParcelHandler {
  return new Kafka(config, context);
}
