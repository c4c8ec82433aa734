/** The reading thread: fetches, checks, unpacks and joins, while the thread that began it parses. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { MirrormonError } from '../../errors.ts';
import { BatchMemory } from '../../kafka/batch-memory.ts';
import { clientOptions } from '../../kafka/connect.ts';
import { loadKafka } from '../../kafka/library.ts';
import { RecordsModule } from '../../kafka/records-module.ts';
import { asBuffer } from '../../text/bytes.ts';
import { KafkaAccounts } from './kafka-accounts.ts';
import type { Run } from './places.ts';
import { readTopics } from './read-topics.ts';
import { SentRuns, toldOf } from './sent-runs.ts';
import type { FromThread, ReadOrder, SentError, Setup, ToThread } from './thread-messages.ts';

class ReadingThread {
  private readonly setup: Setup;
  private readonly port: MessagePort;
  /** At once: it takes longer than until there is something to read. */
  private readonly library: ReturnType<typeof loadKafka>;
  private readonly windows: readonly Buffer[];
  private readonly free: number[];
  private readonly memory: BatchMemory;
  private readonly module: RecordsModule | undefined;
  /** The slot that the next chunk is put in. */
  private slot: number | undefined;
  private controller = new AbortController();
  private wake: () => void = () => {};

  constructor(setup: Setup, port: MessagePort) {
    this.setup = setup;
    this.port = port;
    this.windows = setup.slots.map((slot) => asBuffer(slot));
    this.free = [...setup.slots.keys()];
    this.module = setup.memory && RecordsModule.open(setup.memory);
    this.memory = this.module ? new BatchMemory(setup.memory, setup.free) : new BatchMemory();
    this.library = loadKafka(setup.name);
    this.library.catch(() => {});
    port.on('message', (order: ToThread) => this.take(order));
  }

  private take(order: ToThread): void {
    if ('free' in order) this.free.push(order.free);
    else if ('stop' in order) this.controller.abort();
    else void this.read(order.read);
    this.wake();
  }

  private async read({ annotates, partitions }: ReadOrder): Promise<void> {
    const { name, config } = this.setup;
    this.controller = new AbortController();
    const { signal } = this.controller;
    const accounts = new KafkaAccounts();
    const runs = new SentRuns();
    try {
      const topics = { name, config, library: await this.library, client: await clientOptions(config) };
      const pieces = readTopics(topics, {
        ...{ signal, annotates, partitions },
        ...{ memory: this.memory, module: this.module },
        warn: (warning) => this.tell({ warning }),
        places: { add: (run: Run) => runs.add(run) },
        room: () => this.room(),
        account: (topic, partition) => accounts.of(topic, partition),
      });
      for await (const bytes of pieces) {
        // what was filled so far is handed over
        const chunk = bytes && { slot: this.slot!, length: bytes.length };
        if (chunk !== undefined) this.slot = undefined;
        const { message, memory } = toldOf(chunk, runs, accounts);
        this.tell(message, memory);
      }
      this.tell({ ended: true });
    } catch (error) {
      this.tell({ ended: true, error: sent(error, name) });
    }
  }

  /** Slots come back as they are used: so many chunks are on their way, and no more. */
  private async room(): Promise<Buffer> {
    while (this.slot === undefined) {
      this.slot = this.free.pop();
      if (this.slot === undefined) await this.something();
    }
    return this.windows[this.slot]!;
  }

  private something(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private tell(message: FromThread, memory: readonly ArrayBuffer[] = []): void {
    this.port.postMessage(message, memory);
  }
}

function sent(error: unknown, name: string): SentError {
  const known = error instanceof MirrormonError;
  const { code, message, where, hint, canRetry } = known
    ? error
    : new MirrormonError('INPUT_UNREADABLE', String(error), { where: name });
  return { code, message, where, hint, canRetry };
}

new ReadingThread(workerData as Setup, parentPort!);
