import { Worker } from 'node:worker_threads';
import type { KafkaConfig } from '../../config.ts';
import { MirrormonError } from '../../errors.ts';
import type { KafkaAccount } from '../../kafka/partition-account.ts';
import { builtFile } from '../../text/built-file.ts';
import type { Places } from './places.ts';
import { receivedRun } from './sent-runs.ts';
import type { FromThread, SentAccount, Setup, ToThread } from './thread-messages.ts';

/** Chunks that may be on their way, and their bytes. */
const SLOTS = 4;
const SLOT_BYTES = 1 << 20;
/** The client makes few objects that last: its heap needs no room for more. */
const RESOURCES = { maxYoungGenerationSizeMb: 4 };

export interface ReadingOptions {
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
  readonly places: Places;
  account(topic: string, partition: number): KafkaAccount;
}

/**
 * A thread that fetches topics. Reading them is as much work as measuring what is in them, and loading the client takes
 * longer than all else that a run begins with: both go on beside. It begins with the constructor, and keeps no process
 * from ending unless it is read from.
 */
export class TopicThread {
  private readonly worker: Worker;
  private readonly name: string;
  private readonly windows: readonly Uint8Array[];
  private readonly told: FromThread[] = [];
  private wake: () => void = () => {};

  constructor(config: KafkaConfig, name: string) {
    this.name = name;
    const slots = Array.from({ length: SLOTS }, () => new SharedArrayBuffer(SLOT_BYTES));
    this.windows = slots.map((memory) => new Uint8Array(memory));
    const workerData: Setup = { config, name, slots };
    this.worker = new Worker(builtFile('inputs/kafka', 'reading-thread.js')!, {
      ...{ workerData, execArgv: [], resourceLimits: RESOURCES },
    });
    this.worker.unref();
    this.worker
      .on('message', (message: FromThread) => this.receive(message))
      .on('error', (error) => this.receive({ ended: true, error: this.broken(error) }))
      .on('exit', () => this.receive({ ended: true, error: this.broken(new Error('it ended')) }));
  }

  /**
   * Every chunk is the consumer's until it asks for the next one.
   * @throws {MirrormonError}
   */
  async *read(
    order: { readonly annotates: boolean },
    { signal, warn, places, account }: ReadingOptions,
  ): AsyncGenerator<Uint8Array> {
    const stop = (): void => {
      this.order({ stop: true });
      this.wake();
    };
    signal.addEventListener('abort', stop);
    this.worker.ref();
    this.order({ read: order });
    try {
      while (!signal.aborted) {
        const message = this.told.shift();
        if (message === undefined) await this.something();
        else if ('warning' in message) warn(message.warning);
        else if ('ended' in message) {
          if (message.error === undefined) return;
          throw new MirrormonError(message.error.code, message.error.message, message.error);
        } else {
          const { chunk, accounts } = message;
          enter(accounts, account);
          if (chunk === undefined) continue;
          for (const run of chunk.runs) places.add(receivedRun(run));
          yield this.windows[chunk.slot]!.subarray(0, chunk.length);
          this.order({ free: chunk.slot });
        }
      }
    } finally {
      signal.removeEventListener('abort', stop);
      this.worker.unref();
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
    return { code: 'INPUT_UNREADABLE', message, where: this.name, hint: undefined } as const;
  }
}

function enter(accounts: readonly SentAccount[], account: ReadingOptions['account']): void {
  for (const { topic, partition, account: sent } of accounts) Object.assign(account(topic, partition), sent);
}
