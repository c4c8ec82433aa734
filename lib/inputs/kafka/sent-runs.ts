import { RecordPlaces } from '../../kafka/record-places.ts';
import type { KafkaAccounts } from './kafka-accounts.ts';
import type { Run } from './places.ts';
import type { FromThread, SentRun } from './thread-messages.ts';

/** Runs on their way from thread to thread: of each, what has come to it since the last call of `take`. */
export class SentRuns {
  private runs: { readonly run: Run; sent: number }[] = [];

  add(run: Run): void {
    this.runs.push({ run, sent: 0 });
  }

  /** @returns the runs, and the memory of theirs that is to be handed over with them */
  take(): { readonly list: readonly SentRun[]; readonly memory: readonly ArrayBuffer[] } {
    const list: SentRun[] = [];
    const memory: ArrayBuffer[] = [];
    for (const one of this.runs) {
      const { topic, partition, base, places } = one.run;
      if (one.sent === places.count) continue;
      const first = places.starts[one.sent]!;
      const starts = places.starts.slice(one.sent, places.count);
      for (let k = 0; k < starts.length; k++) starts[k]! -= first;
      const offsets = places.offsets.slice(one.sent, places.count);
      const times = places.times.slice(one.sent, places.count);
      one.sent = places.count;
      list.push({ topic, partition, base: base + first, starts, offsets, times });
      memory.push(starts.buffer, offsets.buffer, times.buffer);
    }
    // only the last one may still grow
    this.runs = this.runs.slice(-1);
    return { list, memory };
  }
}

/**
 * What is told of so many bytes in a slot; of none, that a piece has ended, which whoever commits waits for, whether or
 * not its last chunk said all else.
 * @returns the message, and the memory that is handed over with it
 */
export function toldOf(
  chunk: { readonly slot: number; readonly length: number } | undefined,
  runs: SentRuns,
  accounts: KafkaAccounts,
): { readonly message: FromThread; readonly memory: readonly ArrayBuffer[] } {
  if (chunk === undefined) return { message: { accounts: accounts.take() }, memory: [] };
  const { list, memory } = runs.take();
  return { message: { chunk: { ...chunk, runs: list }, accounts: accounts.take() }, memory };
}

/** A run as it was on the other side. */
export function receivedRun({ topic, partition, base, starts, offsets, times }: SentRun): Run {
  return { topic, partition, base, places: RecordPlaces.of(starts, offsets, times) };
}
