import type { Admin, BaseOptions, Connection } from '@platformatic/kafka';
import { MirrormonError } from '../../errors.ts';
import type { BatchMemory } from '../../kafka/batch-memory.ts';
import { type FetchFrom, openFetch } from '../../kafka/fetch.ts';
import type { KafkaLibrary } from '../../kafka/library.ts';
import { inTime } from './in-time.ts';

/** Milliseconds after which the client is not waited for: beside a broker that dies, it may never answer. */
const PATIENCE = 20_000;

/** A cluster as one client reaches it, and another one once that has failed. */
export class Reach {
  private readonly library: KafkaLibrary;
  private readonly options: BaseOptions;
  private client: Admin;

  constructor(library: KafkaLibrary, options: BaseOptions) {
    this.library = library;
    this.options = options;
    this.client = new library.Admin(options);
  }

  /** @throws {MirrormonError} INPUT_UNREADABLE where brokers are too old */
  async fetch(where: string, memory: BatchMemory): Promise<FetchFrom> {
    const fetch = openFetch(this.library, await this.client.listApis(), memory);
    if (fetch !== undefined) return fetch;
    throw new MirrormonError('INPUT_UNREADABLE', 'this broker is too old', {
      where,
      hint: 'mirrormon reads from Kafka 3.1 and later',
    });
  }

  /** What is asked of the client, in time. */
  ask<T>(question: (client: Admin) => Promise<T>): Promise<T> {
    return inTime(question(this.client), PATIENCE);
  }

  /** A connection to the broker of this number. */
  connect(broker: number): Promise<Connection> {
    return this.ask(async (client) => {
      // who was told what to read has not looked at the cluster
      const { brokers } = client.currentMetadata ?? (await client.metadata({ topics: [] }));
      const found = brokers.get(broker);
      if (found === undefined) throw new Error(`broker ${broker} is not to be seen`);
      return await client.connections.get(found);
    });
  }

  /** Begins anew: what a client remembers of connections that failed is not to be relied on. */
  renew(): void {
    this.close();
    this.client = new this.library.Admin(this.options);
  }

  /** What is under way is given up with its connection. */
  close(): void {
    this.client.close().catch(() => {});
  }
}
