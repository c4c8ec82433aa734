import type { PartialSink } from '../../../batch/measure-plan.ts';
import { type GatheredSessions, type OwnSessions, SESSION_BYTES } from './own-sessions.ts';
import { MARK_BITS, type PartialTables, SESSION_MARK_BYTES, type Taken } from './partial-tables.ts';

/** In an entry of sessions, in numbers of 8 bytes and of 4, the places of its time and of its net. */
const SESSION_SINCE = 1;
const SESSION_NET = 5;
/** Room is made for so many, as if none of them met its other half. */
const JOINED_AT_ONCE = 4096;

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

  /**
   * Gives those of all engines that are taken. What the others know that engine of this thread which knows most adds to its
   * own, as most ids of a file that several threads read began in one and ended in another: so what is given is what is open.
   */
  drain(taken: readonly Taken[]): void {
    if (!taken.some(({ state }) => state.sessionsSeen)) return;
    this.sink.seeSessions();
    const joining = mostKnowing(taken);
    for (const { tables, state } of taken) {
      if (tables === joining?.tables) continue;
      const gathered = state.gathered ?? tables.ownSessions!.gather();
      for (let done = 0; done < gathered.count; done += JOINED_AT_ONCE) {
        const count = Math.min(JOINED_AT_ONCE, gathered.count - done);
        const at = gathered.at + done * SESSION_BYTES;
        const entries = tables.bytes.subarray(at, at + count * SESSION_BYTES);
        if (joining?.sessions.join(entries) !== true) this.give(tables, { count, at });
      }
    }
    if (joining !== undefined) this.give(joining.tables, joining.sessions.gatherJoined());
    this.renew();
  }

  private give({ words, doubles, signed }: PartialTables, { count, at: from }: GatheredSessions): void {
    const { sink, renewed } = this;
    for (let entry = from; entry < from + count * SESSION_BYTES; entry += SESSION_BYTES) {
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
  private renew(): void {
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

/** Undefined where no engine is of this thread. */
function mostKnowing(taken: readonly Taken[]): { tables: PartialTables; sessions: OwnSessions } | undefined {
  let most: { tables: PartialTables; sessions: OwnSessions } | undefined;
  for (const { tables } of taken) {
    const sessions = tables.ownSessions;
    if (sessions !== undefined && !(most && sessions.known <= most.sessions.known))
      most = { tables, sessions };
  }
  return most;
}
