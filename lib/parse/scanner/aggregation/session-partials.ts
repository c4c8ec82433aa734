import type { PartialSink } from '../../../batch/measure-plan.ts';
import type { PartialsState, PartialTables } from './partial-tables.ts';

/** An entry of sessions: its bytes; of 4 bytes each the places of its order and net, of 8 that of its time. */
const SESSION_BYTES = 32;
const SESSION_SINCE = 1;
const SESSION_ORDER = 4;
const SESSION_NET = 6;
/** Slots of sessions, at most. */
const SLOTS = 2 ** 21;
/** Marks of hashes, a bit for each value of their lowest bits: assembly/aggregation/sessions.ts. */
const MARK_BITS = 18;
export const SESSION_MARK_BYTES = 2 ** MARK_BITS / 8;

/**
 * What engines have counted of sessions. An engine forgets an id that began and ended since it was taken last, unless the
 * id may be open from before, as its start is then the latest one: so hashes that were taken are marked in all engines.
 */
export class SessionPartials {
  private readonly sink: PartialSink;
  private readonly marks = new Uint8Array(SESSION_MARK_BYTES);
  private isMarked = false;
  /** Of ids with as many starts as ends: halves of the hash, and the latest start. */
  private readonly renewed: number[] = [];

  constructor(sink: PartialSink) {
    this.sink = sink;
  }

  /** Has an engine know what was taken until now. */
  mark({ bytes, given }: PartialTables): void {
    if (this.isMarked) bytes.set(this.marks, given.sessionMarks);
  }

  /** Gives those of an engine, in the order in which they came. */
  drain({ words, doubles, signed }: PartialTables, state: PartialsState): void {
    const { sink, renewed } = this;
    const { sessionsSeen, sessionSlots, sessionTable } = state;
    if (!sessionsSeen) return;
    sink.seeSessions();
    const found = new Float64Array(sessionSlots);
    let count = 0;
    for (let slot = 0; slot < sessionSlots; slot++) {
      const at = (sessionTable + slot * SESSION_BYTES) >>> 2;
      if (words[at] !== 0 || words[at + 1] !== 0) found[count++] = words[at + SESSION_ORDER]! * SLOTS + slot;
    }
    for (const key of found.subarray(0, count).sort()) {
      const entry = sessionTable + (key % SLOTS) * SESSION_BYTES;
      const at = entry >>> 2;
      const low = words[at]!;
      const high = words[at + 1]!;
      const net = signed[at + SESSION_NET]!;
      const since = doubles[(entry >>> 3) + SESSION_SINCE]!;
      if (net === 0) renewed.push(low, high, since);
      else {
        sink.takeSession(low, high, net, since);
        this.note(low);
      }
    }
  }

  /** Gives the latest starts of ids that ended as often, when all engines have said which ids are open. */
  renew(): void {
    const { sink, renewed } = this;
    for (let k = 0; k < renewed.length; k += 3) {
      sink.takeSession(renewed[k]!, renewed[k + 1]!, 0, renewed[k + 2]!);
    }
    renewed.length = 0;
  }

  private note(low: number): void {
    const bit = low & (2 ** MARK_BITS - 1);
    this.marks[bit >>> 3]! |= 1 << (bit & 7);
    this.isMarked = true;
  }
}
