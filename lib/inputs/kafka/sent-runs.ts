import { RecordPlaces } from '../../kafka/record-places.ts';
import type { Run } from './places.ts';
import type { SentRun } from './thread-messages.ts';

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

/** A run as it was on the other side. */
export function receivedRun({ topic, partition, base, starts, offsets, times }: SentRun): Run {
  return { topic, partition, base, places: RecordPlaces.of(starts, offsets, times) };
}
