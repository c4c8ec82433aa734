/** The reading thread: fetches, checks, unpacks and joins, while the thread that began it parses. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { MirrormonError } from '../../errors.ts';
import { BatchMemory } from '../../kafka/batch-memory.ts';
import { clientOptions } from '../../kafka/connect.ts';
import { loadKafka } from '../../kafka/library.ts';
import { RecordsModule } from '../../kafka/records-module.ts';
import type { Room } from '../../kafka/room.ts';
import { receiveWhole } from '../../kafka/whole-answers.ts';
import { KafkaAccounts } from './kafka-accounts.ts';
import { type Filled, readTopics } from './read-topics.ts';
import {
  type FromThread,
  type ReadOrder,
  roomsIn,
  type SentChunk,
  type SentError,
  type Setup,
  type ToThread,
} from './thread-messages.ts';

/** At once: it takes longer than until there is something to read. */
const library = loadKafka('kafka');
library.catch(() => {});

class ReadingThread {
  private readonly port: MessagePort;
  private readonly rooms: readonly Room[];
  private readonly free: number[];
  private readonly memory: BatchMemory;
  private readonly module: RecordsModule | undefined;
  /** The slot that the next chunk is put in. */
  private slot: number | undefined;
  private controller = new AbortController();
  private wake: () => void = () => {};

  constructor(setup: Setup, port: MessagePort) {
    this.port = port;
    this.rooms = roomsIn(setup);
    this.free = [...this.rooms.keys()];
    this.module = setup.memory && RecordsModule.open(setup.memory);
    this.memory = this.module ? new BatchMemory(setup.memory, setup.free) : new BatchMemory();
    if (this.module !== undefined) receiveWhole(this.memory);
    port.on('message', (order: ToThread) => this.take(order));
  }

  private take(order: ToThread): void {
    if ('free' in order) this.free.push(order.free);
    else if ('stop' in order) this.controller.abort();
    else void this.read(order.read);
    this.wake();
  }

  private async read({ config, name, annotates, partitions }: ReadOrder): Promise<void> {
    this.controller = new AbortController();
    const { signal } = this.controller;
    const accounts = new KafkaAccounts();
    try {
      const topics = { name, config, library: await library, client: await clientOptions(config) };
      const pieces = readTopics(topics, {
        ...{ signal, annotates, partitions },
        ...{ memory: this.memory, module: this.module },
        warn: (warning) => this.tell({ warning }),
        room: () => this.room(),
        account: (topic, partition) => accounts.of(topic, partition),
      });
      for await (const filled of pieces) {
        // that a piece has ended is what whoever commits waits for
        this.tell({ chunk: filled && this.handOver(filled), accounts: accounts.take() });
      }
      this.tell({ ended: true });
    } catch (error) {
      this.tell({ ended: true, error: sent(error, name) });
    }
  }

  private handOver({ topic, partition, room: { length, records } }: Filled): SentChunk {
    const slot = this.slot!;
    this.slot = undefined;
    return { slot, length, records, topic, partition };
  }

  /** Slots come back as they are used: so many chunks are on their way, and no more. */
  private async room(): Promise<Room> {
    while (this.slot === undefined) {
      this.slot = this.free.pop();
      if (this.slot === undefined) await this.something();
      else this.rooms[this.slot]!.clear();
    }
    return this.rooms[this.slot]!;
  }

  private something(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private tell(message: FromThread): void {
    this.port.postMessage(message);
  }
}

function sent(error: unknown, name: string): SentError {
  const known = error instanceof MirrormonError;
  const { code, message, where, hint, canRetry } = known
    ? error
    : new MirrormonError('INPUT_UNREADABLE', String(error), { where: name });
  return { code, message, where, hint, canRetry };
}

parentPort!.once('message', (setup: Setup) => new ReadingThread(setup, parentPort!));
