/** The reading thread: fetches, checks, unpacks and joins, while the thread that began it parses. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { MirrormonError } from '../../errors.ts';
import { clientOptions } from '../../kafka/connect.ts';
import { loadKafka } from '../../kafka/library.ts';
import { KafkaAccounts } from './kafka-accounts.ts';
import type { Run } from './places.ts';
import { readTopics } from './read-topics.ts';
import { SentRuns } from './sent-runs.ts';
import type { FromThread, SentError, Setup, ToThread } from './thread-messages.ts';

class ReadingThread {
  private readonly setup: Setup;
  private readonly port: MessagePort;
  /** At once: it takes longer than until there is something to read. */
  private readonly library: ReturnType<typeof loadKafka>;
  private readonly windows: readonly Buffer[];
  private readonly free: number[];
  private readonly controller = new AbortController();
  private readonly accounts = new KafkaAccounts();
  private readonly runs = new SentRuns();
  private wake: () => void = () => {};

  constructor(setup: Setup, port: MessagePort) {
    this.setup = setup;
    this.port = port;
    this.windows = setup.slots.map((memory) => Buffer.from(memory));
    this.free = [...setup.slots.keys()];
    this.library = loadKafka(setup.name);
    this.library.catch(() => {});
    port.on('message', (order: ToThread) => this.take(order));
  }

  private take(order: ToThread): void {
    if ('free' in order) this.free.push(order.free);
    else if ('stop' in order) this.controller.abort();
    else void this.read(order.read.annotates);
    this.wake();
  }

  private async read(annotates: boolean): Promise<void> {
    const { name, config } = this.setup;
    const { signal } = this.controller;
    try {
      const topics = { name, config, library: await this.library, client: await clientOptions(config) };
      const pieces = readTopics(topics, {
        signal,
        annotates,
        warn: (warning) => this.tell({ warning }),
        places: { add: (run: Run) => this.runs.add(run) },
        account: (topic, partition) => this.accounts.of(topic, partition),
      });
      for await (const bytes of pieces) {
        if (bytes !== undefined) await this.lend(bytes);
        else if (this.accounts.haveMoved) this.tell({ accounts: this.accounts.take() });
      }
      this.tell({ ended: true });
    } catch (error) {
      this.tell({ ended: true, error: sent(error, name) });
    }
  }

  /** Copies bytes to slots as these are given back: so many are on their way, and no more. */
  private async lend(bytes: Uint8Array): Promise<void> {
    const { accounts, runs, controller } = this;
    for (let from = 0; from < bytes.length && !controller.signal.aborted; ) {
      const slot = this.free.pop();
      if (slot === undefined) {
        await this.something();
        continue;
      }
      const window = this.windows[slot]!;
      const length = Math.min(bytes.length - from, window.length);
      window.set(bytes.subarray(from, from + length));
      from += length;
      const { list, memory } = runs.take();
      this.tell({ chunk: { slot, length, runs: list }, accounts: accounts.take() }, memory);
    }
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
  const { code, message, where, hint } = known
    ? error
    : new MirrormonError('INPUT_UNREADABLE', String(error), { where: name });
  return { code, message, where, hint };
}

new ReadingThread(workerData as Setup, parentPort!);
