import type { KafkaConfig } from '../../config.ts';
import { MirrormonError } from '../../errors.ts';
import type { BatchMemory } from '../../kafka/batch-memory.ts';
import { explainFailure } from '../../kafka/failures.ts';
import type { KafkaLibrary } from '../../kafka/library.ts';
import { thousands } from '../../text/thousands.ts';
import { Fetching } from './fetching.ts';
import { findPartitions, type ReadPartition } from './partitions.ts';
import type { Reach } from './reach.ts';

export interface OpenFetchingOptions {
  /** What messages call the input. */
  readonly name: string;
  readonly config: KafkaConfig;
  readonly library: KafkaLibrary;
  readonly reach: Reach;
  readonly signal: AbortSignal;
  /** Where record batches are put; whoever is done with them gives it back. */
  readonly memory: BatchMemory;
  /** Partitions that come into being are read, too: nobody shares them out. */
  readonly takesNew: boolean;
  /** Tells a person what happens. */
  readonly warn: (message: string) => void;
  /** So many records were removed before they were read. */
  lost?(partition: ReadPartition, records: number): void;
}

/**
 * Fetches partitions; what happens to the cluster meanwhile is told, a change once.
 * @throws {MirrormonError} INPUT_UNREADABLE where brokers are too old
 */
export async function openFetching(
  partitions: readonly ReadPartition[],
  { name, config, library, reach, signal, memory, takesNew, warn, lost }: OpenFetchingOptions,
): Promise<Fetching> {
  let isDown = false;
  return new Fetching(partitions, {
    signal,
    fetch: await reach.fetch(name, memory),
    committedOnly: config.isolation === 'read_committed',
    connect: (broker) => reach.connect(broker),
    async refresh(known) {
      if (isDown) reach.renew();
      const { added, gone } = await reach.ask((admin) =>
        findPartitions(admin, config, name, { now: Date.now(), known }),
      );
      for (const { topic, partition } of gone)
        warn(`${name}: ${topic}/${partition} was deleted, and is read no more`);
      if (!takesNew) return { added: [], gone };
      for (const { topic, partition } of added)
        warn(`${name}: ${topic}/${partition} is new, and is read, too`);
      return { added, gone };
    },
    down(error) {
      if (isDown || signal.aborted) return;
      isDown = true;
      const { message } = error instanceof MirrormonError ? error : explainFailure(error);
      warn(`${name}: cannot be read now: ${message}; it is tried again until it can`);
    },
    up() {
      if (isDown) warn(`${name}: can be read again`);
      isDown = false;
    },
    drop: (records) => memory.give(records),
    lost(partition, records) {
      lost?.(partition, records);
      const from = `${partition.topic}/${partition.partition} from offset ${thousands(partition.position)} on`;
      warn(`${name}: ${thousands(records)} records of ${from} had been removed before they were read`);
    },
    refuse(errorCode, { topic, partition }) {
      const { message, hint } = explainFailure(new library.ProtocolError(errorCode));
      throw new MirrormonError('INPUT_UNREADABLE', `${topic}/${partition} cannot be read: ${message}`, {
        where: name,
        hint,
      });
    },
  });
}
