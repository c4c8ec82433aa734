import type { Worker } from 'node:worker_threads';
import { MirrormonError } from '../../errors.ts';
import type { KafkaAccount } from '../../kafka/partition-account.ts';
import { RECORDS_END, recordsMemory } from '../../kafka/records-module.ts';
import type { Room } from '../../kafka/room.ts';
import { BegunReader } from './begun-reader.ts';
import type { Places } from './places.ts';
import {
  type FromThread,
  type ReadOrder,
  roomsIn,
  type SentAccount,
  type SentChunk,
  type Setup,
  SLOTS_BYTES,
  type ToThread,
} from './thread-messages.ts';

export interface ReadingOptions {
  /** Nothing more is wanted: the reading ends at once. */
  readonly signal: AbortSignal;
  /** It ends behind the piece that is under way. */
  readonly finish?: AbortSignal | undefined;
  readonly warn: (message: string) => void;
  readonly places: Pick<Places, 'add'>;
  account(topic: string, partition: number): KafkaAccount;
}

/** A thread that fetches topics: reading them is as much work as measuring what is in them, and goes on beside. */
export class TopicThread {
  private readonly worker: Worker;
  /** What messages call the topics. */
  private name = '';
  private readonly rooms: readonly Room[];
  private readonly told: FromThread[] = [];
  /** A reading was begun and has not ended. */
  private isReading = false;
  /** Bytes of it that were lent. */
  private given = 0;
  private wake: () => void = () => {};

  /** @param begun that nobody else uses */
  constructor(begun = new BegunReader()) {
    const free = RECORDS_END + SLOTS_BYTES;
    const memory = recordsMemory(free);
    const shared = (memory?.buffer ?? new SharedArrayBuffer(free)) as SharedArrayBuffer;
    const setup: Setup = { shared, memory, slotsFrom: RECORDS_END, free };
    this.rooms = roomsIn(setup);
    this.worker = begun.serve(setup, {
      message: (message) => this.receive(message),
      failure: (cause) => this.receive({ ended: true, error: this.broken(cause) }),
    });
  }

  /**
   * One reading after the other. Every chunk is the consumer's until it asks for more; behind those of a piece, whose
   * records are whole, there is undefined, and the books are of the records so far.
   * @throws {MirrormonError}
   */
  async *read(
    order: ReadOrder,
    { signal, finish, warn, places, account }: ReadingOptions,
  ): AsyncGenerator<Uint8Array | undefined> {
    const stop = (): void => {
      this.order({ stop: true });
      this.wake();
    };
    const ends = finish === undefined ? [signal] : [signal, finish];
    for (const end of ends) end.addEventListener('abort', stop);
    this.name = order.name;
    this.worker.ref();
    try {
      await this.idle();
      this.isReading = true;
      this.given = 0;
      this.order({ read: order });
      if (ends.some(({ aborted }) => aborted)) stop();
      while (!signal.aborted) {
        const message = this.told.shift();
        if (message === undefined) await this.something();
        else if ('warning' in message) warn(message.warning);
        else if ('ended' in message) {
          this.isReading = false;
          if (message.error === undefined) return;
          throw new MirrormonError(message.error.code, message.error.message, message.error);
        } else {
          enter(message.accounts, account);
          if (message.chunk === undefined) yield undefined;
          else yield* this.lend(message.chunk, places);
        }
      }
    } finally {
      for (const end of ends) end.removeEventListener('abort', stop);
      if (this.isReading) this.order({ stop: true });
      this.worker.unref();
    }
  }

  private *lend(
    { slot, length, records, topic, partition }: SentChunk,
    places: Pick<Places, 'add'>,
  ): Generator<Uint8Array> {
    const { bytes, starts, offsets, times } = this.rooms[slot]!;
    try {
      places.add({
        ...{ topic, partition, base: this.given },
        starts: starts.subarray(0, records),
        offsets: offsets.subarray(0, records),
        times: times.subarray(0, records),
      });
      this.given += length;
      yield bytes.subarray(0, length);
    } finally {
      this.order({ free: slot });
    }
  }

  /** Takes what is left of a reading that nobody wanted to the end. */
  private async idle(): Promise<void> {
    while (this.isReading) {
      const message = this.told.shift();
      if (message === undefined) await this.something();
      else if ('ended' in message) this.isReading = false;
      else if ('chunk' in message && message.chunk !== undefined) this.order({ free: message.chunk.slot });
    }
  }

  close(): void {
    void this.worker.terminate();
  }

  private order(order: ToThread): void {
    this.worker.postMessage(order);
  }

  private receive(message: FromThread): void {
    this.told.push(message);
    this.wake();
  }

  private something(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private broken(cause: Error) {
    const message = `cannot be read: the thread that does it failed: ${cause.message}`;
    const code = 'INPUT_UNREADABLE';
    return { code, message, where: this.name, hint: undefined, canRetry: false } as const;
  }
}

function enter(accounts: readonly SentAccount[], account: ReadingOptions['account']): void {
  for (const { topic, partition, account: sent } of accounts) Object.assign(account(topic, partition), sent);
}
